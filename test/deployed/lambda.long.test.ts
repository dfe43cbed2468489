/** Lambda's and IAM's parts of a played deployment: environments, limits, and what roles allow. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { PlayedFunction } from "../programs/deployed/assembly/functions.ts";
import { sender } from "./callers.ts";
import { useDeployment } from "./frame.ts";

const PROBE = `
export const handler = async ({ act }, context) => {
  if (act === "version") return process.version;
  if (act === "arn") return context.invokedFunctionArn;
  if (act === "environment") return process.env;
  if (act === "end") process.exit(3);
  if (act === "throw") throw new TypeError("as asked");
  if (act === "large") return "x".repeat(7_000_000);
  await new Promise(() => setInterval(() => {}, 1_000));
};
`;

/** The probe has the surroundings of a function that exists; the list of traits has the role of another one. */
function change(functions: Map<string, PlayedFunction>): void {
  const shows = named(functions, "placement-root-show");
  const code = asset(PROBE);
  functions.set("probe", { ...shows, name: "probe", code, timeout: 1 });
  const broken = asset("throw new RangeError('no start');");
  functions.set("broken", { ...shows, name: "broken", code: broken });
  const lists = named(functions, "placement-traits-list");
  functions.set(lists.name, { ...lists, role: shows.role });
}

const assets: string[] = [];

function asset(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "placement-probe-"));
  assets.push(folder);
  writeFileSync(join(folder, "index.mjs"), text);
  return folder;
}

afterAll(() => {
  for (const folder of assets) rmSync(folder, { recursive: true, force: true });
});

function named(functions: ReadonlyMap<string, PlayedFunction>, name: string): PlayedFunction {
  const found = functions.get(name);
  if (found === undefined) throw new Error(`${name} is not deployed`);
  return found;
}

const played = useDeployment({ change });

const arn = (name: string) => `arn:aws:lambda:us-east-1:123456789012:function:${name}:http`;

async function probe(act: string, name = "probe") {
  return played.deployment.lambda.invoke(arn(name), JSON.stringify({ act }));
}

async function resultOf(act: string) {
  const outcome = await probe(act);
  if (!outcome.ok) throw new Error(outcome.errorMessage);
  return JSON.parse(outcome.result);
}

test("functions run on the release that the template names", async () => {
  const { runtime } = named(played.deployment.functions, "placement-root-show");
  const version = await resultOf("version");
  const [major] = version.slice(1).split(".");
  // On other platforms than Linux on x64 there is no such program.
  const expected = process.platform === "linux" ? runtime : `nodejs${major}.x`;
  expect(`nodejs${major}.x`).toBe(expected);
});

test("a function's environment is the template's and Lambda's, and nothing of ours", async () => {
  const environment = await resultOf("environment");
  expect(environment).toMatchObject({ AWS_REGION: "us-east-1", _HANDLER: "index.handler" });
  expect(environment).not.toHaveProperty("PATH");
  expect(environment).not.toHaveProperty("VITEST");
  expect(await resultOf("arn")).toBe(arn("probe"));
});

test("an environment is started cold, stays warm, and is replaced after it ended", async () => {
  const { lambda } = played.deployment;
  await resultOf("version");
  const before = lambda.environments;
  await resultOf("version");
  expect(lambda.environments).toBe(before);
  const both = await Promise.all([resultOf("version"), resultOf("version")]);
  expect(new Set(both).size).toBe(1);
  expect(lambda.environments).toBe(before + 1);
  expect(await probe("end")).toMatchObject({ ok: false, errorType: "Runtime.ExitError" });
  expect(await resultOf("version")).toMatch(/^v\d/);
});

test("errors, timeouts and results that are too long end an invocation alone", async () => {
  const error = { ok: false, errorType: "TypeError", errorMessage: "as asked" };
  expect(await probe("throw")).toEqual(error);
  expect(await probe("hang")).toMatchObject({ ok: false, errorType: "Sandbox.Timedout" });
  expect(await probe("large")).toMatchObject({
    ok: false,
    errorType: "Function.ResponseSizeTooLarge",
  });
  expect(await probe("any", "broken")).toMatchObject({ ok: false, errorType: "RangeError" });
  expect(await resultOf("version")).toMatch(/^v\d/);
});

test("a function whose role lacks an action is refused by DynamoDB", async () => {
  const send = await played.admin("keystone");
  const answer = await send("GET", "/traits");
  expect(answer.status).toBeGreaterThanOrEqual(500);
  const [first] = played.refused;
  expect(first).toMatchObject({ function: "placement-traits-list" });
  expect(first?.action).toMatch(/^dynamodb:/);
  expect(first?.resource).toMatch(/^arn:aws:dynamodb:us-east-1:123456789012:table\//);
  expect((await send("GET", "/resource_classes")).status).toBe(200);
});

test("API Gateway's limits of size hold", async () => {
  const everybody = sender(played.url("keystone"));
  const long = await everybody("GET", "/", { headers: { "x-long": "x".repeat(10_240) } });
  expect(long.status).toBe(431);
  const send = await played.admin("keystone");
  const body = { name: "x".repeat(6_300_000) };
  expect((await send("POST", "/resource_providers", { body })).status).toBe(413);
});
