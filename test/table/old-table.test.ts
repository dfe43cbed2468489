/**
 * A table that an earlier release has written (test/fixtures/make-table.mjs says
 * how) opens, shows what it showed, and can be written.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HttpClient } from "../support/http-client.ts";
import { Program } from "../support/program.ts";

const FIXTURE = fileURLToPath(new URL("../fixtures/table-15ff8ac", import.meta.url));

interface Known {
  readonly path: string;
  readonly status: number;
  /** Absent where the answer was an error. */
  readonly body?: unknown;
}

const answers: readonly Known[] = JSON.parse(readFileSync(join(FIXTURE, "answers.json"), "utf8"));
const folder = mkdtempSync(join(tmpdir(), "old-table-"));
const headers = { "x-auth-token": "admin", "openstack-api-version": "placement 1.39" };

let program: Program;
let client: HttpClient;

beforeAll(async () => {
  cpSync(join(FIXTURE, "data"), folder, { recursive: true });
  program = new Program({ args: ["--data", folder, "--port", "0"] });
  client = new HttpClient(await program.ready());
});

afterAll(async () => {
  client.close();
  await program.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Lists of providers had no order in that release. */
function inAnyOrder(body: unknown): unknown {
  const text = (value: unknown) => JSON.stringify(value);
  if (Array.isArray(body)) return body.map(inAnyOrder).sort((a, b) => (text(a) < text(b) ? -1 : 1));
  if (typeof body !== "object" || body === null) return body;
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, inAnyOrder(value)]));
}

const get = (path: string) => client.send({ method: "GET", path, headers });

describe("a data folder that commit 15ff8ac has written", () => {
  test.each(answers)("answers $path as it did", async ({ path, status, body }) => {
    const answer = await get(path);
    expect(answer.status).toBe(status);
    const listed = path.startsWith("/resource_providers?");
    const shown = listed ? inAnyOrder : (given: unknown) => given;
    if (body !== undefined) expect(shown(answer.body)).toEqual(shown(body));
  });

  test("takes a claim on a provider whose head of format 1 is full", async () => {
    const [{ path }] = answers as [Known];
    const provider = path.split("/")[2] ?? "";
    const body = JSON.stringify({
      allocations: { [provider]: { resources: { VCPU: 1 } } },
      consumer_generation: null,
      project_id: "p",
      user_id: "u",
      consumer_type: "INSTANCE",
    });
    const consumer = "0000000d-0000-4000-8000-00000000ffff";
    const message = { headers: { ...headers, "content-type": "application/json" }, body };
    const answer = await client.send({
      method: "PUT",
      path: `/allocations/${consumer}`,
      ...message,
    });
    expect(answer.status).toBe(204);
    const { body: held } = await get(`/resource_providers/${provider}/allocations`);
    expect(Object.keys(held.allocations)).toContain(consumer);
  });
});
