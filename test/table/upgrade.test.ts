/** A table that an earlier release has written is read, not written, until a task has upgraded it. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  type AttributeValue,
  BatchWriteItemCommand,
  DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { DeleteCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { finishChanges } from "../../functions/maintenance/finish-changes.ts";
import { upgradeFormat } from "../../functions/maintenance/upgrade-table.ts";
import { verifyRecords } from "../../functions/maintenance/verify-table.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { clientConfig } from "../../lib/local/table.ts";
import { LOGS, logKey } from "../../lib/store/items/shard-log.ts";
import { FORMAT, META_KEY } from "../../lib/store/items/table-format.ts";
import { type Api, startApi } from "../support/api.ts";
import { type FastClock, fastClock } from "../support/fast-clock.ts";
import { type Call, type Interposer, interpose } from "../support/interpose.ts";
import { brokenInvariants } from "../support/invariants.ts";
import { claim, detailOf, makeProvider } from "../support/world.ts";

const ITEMS = fileURLToPath(new URL("../fixtures/table-15ff8ac/items.jsonl", import.meta.url));
const BATCH = 25;
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

async function loadOldTable(): Promise<void> {
  const admin = new DynamoDBClient(clientConfig(api.endpoint, {}));
  const lines = readFileSync(ITEMS, "utf8").trim().split("\n");
  const items = lines.map((line): Record<string, AttributeValue> => JSON.parse(line, asBytes));
  for (let from = 0; from < items.length; from += BATCH) {
    const puts = items.slice(from, from + BATCH).map((Item) => ({ PutRequest: { Item } }));
    await admin.send(new BatchWriteItemCommand({ RequestItems: { [api.tableName]: puts } }));
  }
  admin.destroy();
}

/** JSON has the bytes of an attribute in base64. */
function asBytes(this: unknown, key: string, value: unknown): unknown {
  const alone = Object.keys(this as object).length === 1;
  return key === "B" && alone && typeof value === "string" ? Buffer.from(value, "base64") : value;
}

const upgrade = () => taskLambda(upgradeFormat, async () => api.runtime)({});
const makeOne = () => api.request("POST", "/resource_providers", { body: { name: randomUUID() } });
const formatIn = async () => (await api.items()).find(({ pk }) => pk === META_KEY.pk)?.["format"];

describe("a table of the release before", () => {
  beforeEach(loadOldTable);

  test("is read and not written, and says what to do", async () => {
    const before = await api.items();
    expect((await api.request("GET", "/resource_providers")).status).toBe(200);
    expect((await api.request("GET", "/allocation_candidates?resources=VCPU:1")).status).toBe(200);
    const refused = await makeOne();
    expect(refused.status).toBe(503);
    expect(refused.headers).not.toHaveProperty("retry-after");
    expect(detailOf(refused)).toContain("The table has format 1 and this release writes format 2");
    const sweep = taskLambda(finishChanges, async () => api.runtime)({});
    await expect(sweep).rejects.toThrow("upgrades the table");
    expect(await api.items()).toEqual(before);
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
    expect(await upgrade()).toEqual({ from: FORMAT, format: FORMAT, removed: 0, complete: true });
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

describe("a refused write", () => {
  const queries = () => {
    let count = 0;
    between = (call) => {
      if (call.command === "Query") count += 1;
      return call.send();
    };
    return () => count;
  };

  test("looks for the older release where it is found first, and remembers it for seconds", async () => {
    await loadOldTable();
    const count = queries();
    expect((await makeOne()).status).toBe(503);
    const once = count();
    expect(once).toBeLessThanOrEqual(5);
    clock.pass(4_999);
    expect((await makeOne()).status).toBe(503);
    expect(count()).toBe(once);
    clock.pass(1);
    expect((await makeOne()).status).toBe(503);
    expect(count()).toBe(2 * once);
  });

  test("keeps nobody waiting for long once another function has upgraded the table", async () => {
    await loadOldTable();
    expect((await makeOne()).status).toBe(503);
    const other = await startApi({ tableName: api.tableName, clock });
    await taskLambda(upgradeFormat, async () => other.runtime)({});
    await other.close();
    clock.pass(5_000);
    expect((await makeOne()).status).toBe(200);
  });
});

describe("an upgrade", () => {
  const setFormat = (format: number) =>
    api.client.send(new PutCommand({ TableName: api.tableName, Item: { ...META_KEY, format } }));

  test.each([
    ["where there was none", undefined],
    ["of this release", FORMAT],
  ])("lowers no format that a newer release has set meanwhile, %s", async (_, before) => {
    await loadOldTable();
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
    await loadOldTable();
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
    expect((await makeOne()).status).toBe(503);
    expect(await formatIn()).toBeUndefined();
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
