/** Consumers that an earlier release has kept under the key that a client wrote in capitals. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HttpClient } from "../support/http-client.ts";
import { Program } from "../support/program.ts";
import { SPELLINGS } from "../support/spellings.ts";

const FIXTURE = fileURLToPath(new URL("../fixtures/table-15ff8ac/data", import.meta.url));
const VERIFY = "lib/local/verify.ts";
const script = fileURLToPath(new URL("../../scripts/run-program.mjs", import.meta.url));
const PROVIDER = "0000000b-aaaa-4bbb-8ccc-dddddddddddd";
/** Kept in capitals. */
const MISSPELT = "0000000d-aaaa-4bbb-8ccc-ddddddddddd1";
/** Kept in capitals, and as it is. */
const TWICE = "0000000d-aaaa-4bbb-8ccc-ddddddddddd2";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "old-spellings-"));
  cpSync(FIXTURE, folder, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function verify(...args: string[]) {
  const program = new Program({ args: [VERIFY, "--data", folder, ...args], script });
  const status = await program.ended;
  return {
    status,
    spelling: program.stdout.split("\n").filter((line) => line.includes("(spelling)")),
  };
}

interface Served {
  get(path: string): Promise<{ allocations: Record<string, unknown>; usages: object }>;
  release(consumer: string): Promise<number>;
}

async function serve(act: (served: Served) => Promise<void>): Promise<void> {
  const program = new Program({ args: ["--data", folder, "--port", "0"] });
  const http = new HttpClient(await program.ready());
  const headers = { "x-auth-token": "admin", "openstack-api-version": "placement 1.39" };
  const send = (method: string, path: string) => http.send({ method, path, headers });
  try {
    await act({
      get: async (path) => {
        const { status, body } = await send("GET", path);
        expect([path, status]).toEqual([path, 200]);
        return body;
      },
      release: async (consumer) => (await send("DELETE", `/allocations/${consumer}`)).status,
    });
  } finally {
    http.close();
    await program.stop();
  }
}

const holders = async ({ get }: Served) =>
  Object.keys((await get(`/resource_providers/${PROVIDER}/allocations`)).allocations).filter(
    (key) => key.toLowerCase().startsWith(MISSPELT.slice(0, -1)),
  );

const USAGES = { VCPU: 4, MEMORY_MB: 128 };

test("are found, shown as they are kept, and get the key under which they are looked for", async () => {
  const sentences = [
    `consumer ${MISSPELT.toUpperCase()} is looked up as ${MISSPELT}`,
    `consumer ${TWICE.toUpperCase()} is looked up as ${TWICE}, where another consumer is`,
  ];
  expect((await verify()).spelling.sort()).toEqual(
    sentences.map((what) => `broken (spelling): ${what}`),
  );
  await serve(async (served) => {
    const kept = [MISSPELT.toUpperCase(), TWICE.toUpperCase(), TWICE];
    expect((await holders(served)).sort()).toEqual(kept.sort());
    const { usages } = await served.get(`/resource_providers/${PROVIDER}/usages`);
    expect(usages).toEqual(USAGES);
  });
  const repaired = await verify("--repair");
  expect(repaired.spelling.toSorted()).toEqual([
    `left (spelling): ${sentences[1]}`,
    `repaired (spelling): ${sentences[0]}`,
  ]);
  expect(repaired.status).toBe(1);
  await serve(async (served) => {
    expect((await holders(served)).sort()).toEqual([TWICE.toUpperCase(), MISSPELT, TWICE]);
    for (const spell of Object.values(SPELLINGS)) {
      const shown = await served.get(`/allocations/${encodeURIComponent(spell(MISSPELT))}`);
      expect(shown).toMatchObject({
        allocations: { [PROVIDER]: { resources: { VCPU: 1 } } },
        consumer_generation: 1,
        project_id: "project-of-the-fixture",
      });
    }
    const { usages } = await served.get(`/resource_providers/${PROVIDER}/usages`);
    expect(usages).toEqual(USAGES);
    // Of two the operator decides: the other one is renamed once the key is free.
    expect(await served.release(TWICE.toUpperCase())).toBe(204);
  });
  expect((await verify("--repair")).spelling).toEqual([
    `repaired (spelling): consumer ${TWICE.toUpperCase()} is looked up as ${TWICE}`,
  ]);
  await serve(async (served) => {
    const { allocations } = await served.get(`/allocations/${TWICE}`);
    expect(allocations).toMatchObject({ [PROVIDER]: { resources: { MEMORY_MB: 128 } } });
    expect(await served.release(TWICE)).toBe(204);
    expect(await served.release(MISSPELT.toUpperCase())).toBe(204);
    const { usages } = await served.get(`/resource_providers/${PROVIDER}/usages`);
    expect(usages).toEqual({ VCPU: 2, MEMORY_MB: 0 });
  });
  expect(await verify()).toEqual({ status: 0, spelling: [] });
}, 180_000);
