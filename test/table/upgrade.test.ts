/**
 * A table that an earlier release has written: it keeps its format until a task upgrades it, so
 * that functions of both releases use it side by side. `old-functions.long.test.ts` has the parts of
 * that release that they meet in.
 */
import { randomUUID } from "node:crypto";
import { DeleteCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { finishChanges } from "../../functions/maintenance/finish-changes.ts";
import { upgradeFormat } from "../../functions/maintenance/upgrade-table.ts";
import { verifyRecords } from "../../functions/maintenance/verify-table.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { LOGS, logKey } from "../../lib/store/items/shard-log.ts";
import { FORMAT, META_KEY } from "../../lib/store/items/table-format.ts";
import { type Api, startApi } from "../support/api.ts";
import { loadOldTable } from "../support/dumps.ts";
import { type FastClock, fastClock } from "../support/fast-clock.ts";
import { type Call, type Interposer, interpose } from "../support/interpose.ts";
import { brokenInvariants } from "../support/invariants.ts";
import { claim, makeProvider } from "../support/world.ts";

let api: Api;
let clock: FastClock;
let between: Interposer | undefined;

beforeEach(async () => {
  clock = fastClock();
  between = undefined;
  const pass = (call: Call) => (between === undefined ? call.send() : between(call));
  api = await startApi({ clock, connection: (connection) => interpose(connection, pass) });
  await forgetFormat();
});
afterEach(() => api.close());

/** As the table was made before there were formats. */
async function forgetFormat(): Promise<void> {
  const { client, tableName: TableName } = api;
  for (const Key of [META_KEY, ...Array.from({ length: LOGS }, (_, n) => logKey(n))]) {
    await client.send(new DeleteCommand({ TableName, Key }));
  }
}

const upgrade = (input: object = { alone: true }) =>
  taskLambda(upgradeFormat, async () => api.runtime)(input);
const makeOne = () => api.request("POST", "/resource_providers", { body: { name: randomUUID() } });
const formatIn = async () => (await api.items()).find(({ pk }) => pk === META_KEY.pk)?.["format"];

describe("a table of the release before", () => {
  beforeEach(() => loadOldTable(api));

  test("is read and written, and keeps its format", async () => {
    expect((await api.request("GET", "/resource_providers")).status).toBe(200);
    expect((await api.request("GET", "/allocation_candidates?resources=VCPU:1")).status).toBe(200);
    expect((await makeOne()).status).toBe(200);
    clock.pass(60_000);
    const sweep = taskLambda(finishChanges, async () => api.runtime)({});
    await expect(sweep).resolves.toMatchObject({ found: 1, done: 1 });
    expect(await formatIn()).toBeUndefined();
    expect(brokenInvariants(await api.items()).filter((each) => !/^spelling: /.test(each))).toEqual(
      [],
    );
  });

  test("is upgraded by the task, with its unfinished change, and serves", async () => {
    const listed = await api.request("GET", "/resource_providers");
    expect(await upgrade()).toMatchObject({ from: 1, format: FORMAT, complete: true });
    expect((await api.items()).filter(({ pk }) => pk.startsWith("HEADS#"))).toEqual([]);
    expect(await formatIn()).toBe(FORMAT);
    clock.pass(60_000);
    expect(await taskLambda(finishChanges, async () => api.runtime)({})).toMatchObject({
      found: 1,
      done: 1,
    });
    // Consumers that the older release kept under other spellings are for `maintenance-rebuild-records`.
    const broken = brokenInvariants(await api.items());
    expect(broken.filter((each) => !each.startsWith("spelling: "))).toEqual([]);
    expect((await api.request("GET", "/resource_providers")).body).toEqual(listed.body);
    const provider = await makeProvider(api, { VCPU: 4 });
    expect((await claim(api, randomUUID(), { [provider]: { VCPU: 1 } })).status).toBe(204);
    expect(await upgrade()).toMatchObject({ from: FORMAT, removed: 0, wait: 0, complete: true });
  });

  test("is upgraded by a second run where the first one was cut off", async () => {
    let deletes = 0;
    between = async (call) => {
      if (call.command === "Delete") deletes += 1;
      if (deletes === 3) throw denied();
      return call.send();
    };
    await expect(upgrade()).rejects.toThrow("denied");
    between = undefined;
    expect(await formatIn()).toBe(FORMAT);
    // What is left of it is found, and does no harm.
    const verify = taskLambda(verifyRecords, async () => api.runtime);
    const { findings } = (await verify({})) as { findings: { rule: string; what: string }[] };
    expect(findings.some(({ what }) => what.includes("a head of format 1"))).toBe(true);
    expect(await upgrade()).toMatchObject({ from: FORMAT, complete: true });
    expect((await api.items()).filter(({ pk }) => pk.startsWith("HEADS#"))).toEqual([]);
  });

  test("is seen as it is by a function that read it before the upgrade", async () => {
    await api.request("GET", "/resource_providers");
    // Another function of the older release writes, and updates heads that this one does not read.
    const { client, tableName: TableName } = api;
    const hot = (await api.items()).find(({ sk }) => sk.startsWith("H#"));
    const uuid = hot?.sk.slice(2) ?? "";
    const changed = { ...hot, g: Number(hot?.["g"]) + 5, r: Number(hot?.["r"]) + 5 };
    await client.send(new PutCommand({ TableName, Item: changed }));
    await upgrade();
    const { body } = await api.request("GET", `/resource_providers?uuid=${uuid}`);
    expect(body.resource_providers[0].generation).toBe(Number(hot?.["g"]) + 5);
  });
});

describe("a write to it", () => {
  const queries = () => {
    let count = 0;
    between = (call) => {
      if (call.command === "Query") count += 1;
      return call.send();
    };
    return () => count;
  };

  test("looks for the older release where it is found first, and remembers it for seconds", async () => {
    await loadOldTable(api);
    const count = queries();
    expect((await makeOne()).status).toBe(200);
    const once = count();
    expect(once).toBeLessThanOrEqual(5);
    clock.pass(4_900);
    expect((await makeOne()).status).toBe(200);
    expect(count()).toBe(once);
    clock.pass(101);
    expect((await makeOne()).status).toBe(200);
    expect(count()).toBe(2 * once);
  });
});

describe("an upgrade", () => {
  const setFormat = (format: number) =>
    api.client.send(new PutCommand({ TableName: api.tableName, Item: { ...META_KEY, format } }));

  test.each([
    ["where there was none", undefined],
    ["of this release", FORMAT],
  ])("lowers no format that a newer release has set meanwhile, %s", async (_, before) => {
    await loadOldTable(api);
    if (before !== undefined) await setFormat(before);
    between = async (call) => {
      if (call.command === "TransactWrite") await setFormat(FORMAT + 1);
      return call.send();
    };
    await expect(upgrade()).rejects.toThrow("deploy a newer release");
    between = undefined;
    expect(await formatIn()).toBe(FORMAT + 1);
    // Nothing of it was done.
    const items = await api.items();
    expect(items.some(({ pk }) => pk.startsWith("HEADS#"))).toBe(true);
    expect(items.some(({ pk }) => pk.startsWith("LOG#"))).toBe(false);
  });

  test("that meets another one of this release is to be repeated", async () => {
    await loadOldTable(api);
    let met = false;
    between = async (call) => {
      if (call.command === "TransactWrite" && !met) {
        met = true;
        await setFormat(FORMAT);
      }
      return call.send();
    };
    await expect(upgrade()).rejects.toThrow("busy");
    expect(await upgrade()).toMatchObject({ from: FORMAT, complete: true });
  });
});

describe("an empty table", () => {
  test("gets the format of this release from whoever writes first", async () => {
    expect((await api.request("GET", "/resource_providers")).body.resource_providers).toEqual([]);
    expect(await api.items()).toEqual([]);
    const made = await Promise.all(Array.from({ length: 8 }, makeOne));
    expect(made.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(await formatIn()).toBe(FORMAT);
    expect(brokenInvariants(await api.items())).toEqual([]);
    const listed = await api.request("GET", "/resource_providers");
    expect(listed.body.resource_providers).toHaveLength(8);
  });

  test.each([
    ["a consumer", { pk: "IDLE#7", sk: "1#x" }],
    ["a custom name", { pk: "NAMES", sk: "NAMES", version: 1, next: 65_537 }],
    ["a provider", { pk: "SHARD#31", sk: "H#x", i: {} }],
    ["a head", { pk: "HEADS#2", sk: "2", version: 1, base: 1, providers: [] }],
  ])("with %s in it is of the release before", async (_, Item) => {
    await api.client.send(new PutCommand({ TableName: api.tableName, Item }));
    expect((await makeOne()).status).toBe(200);
    expect(await formatIn()).toBeUndefined();
    expect((await api.items()).some(({ pk }) => pk.startsWith("HEADS#"))).toBe(true);
  });
});

test("a function reads the format anew after a minute", async () => {
  expect((await makeOne()).status).toBe(200);
  const { client, tableName: TableName } = api;
  const Item = { ...META_KEY, format: FORMAT + 1 };
  await client.send(new PutCommand({ TableName, Item }));
  clock.pass(59_000);
  expect((await makeOne()).status).toBe(200);
  clock.pass(1_001);
  expect((await makeOne()).status).toBe(503);
  expect((await api.request("GET", "/resource_providers")).status).toBe(503);
});

function denied(): Error {
  return Object.assign(new Error("denied"), {
    name: "AccessDeniedException",
    $metadata: { httpStatusCode: 400 },
  });
}
