/** What is done at the start to the table of a data folder, and to one elsewhere. */
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Engine } from "../../lib/local/engine.ts";
import { StartFailure } from "../../lib/local/start-failure.ts";
import { upgradeAtStart } from "../../lib/local/upgrade.ts";
import { FORMAT, META_KEY } from "../../lib/store/items/table-format.ts";
import { type Api, startApi } from "../support/api.ts";
import { type FastClock, fastClock } from "../support/fast-clock.ts";
import { type Interposer, interpose } from "../support/interpose.ts";

const engine = {} as Engine;
let api: Api;
let clock: FastClock;
let between: Interposer | undefined;

beforeEach(async () => {
  clock = fastClock();
  between = undefined;
  api = await startApi({
    clock,
    connection: (connection) =>
      interpose(connection, (call) => (between === undefined ? call.send() : between(call))),
  });
});
afterEach(() => api.close());

async function start(given: { engine?: Engine; asked?: boolean }): Promise<string[]> {
  const told: string[] = [];
  const { endpoint, tableName } = api;
  const place = { endpoint, tableName, words: "folder data", engine: given.engine };
  const tell = (line: string) => told.push(line);
  await upgradeAtStart(place, api.runtime, { asked: given.asked ?? false, tell });
  return told;
}

async function putOldHeads(count: number): Promise<void> {
  for (let shard = 0; shard < count; shard += 1) {
    const Item = {
      pk: `HEADS#${shard % 4}`,
      sk: String(shard),
      version: 1,
      base: 1,
      providers: [],
    };
    await api.client.send(new PutCommand({ TableName: api.tableName, Item }));
  }
}

const oldHeads = async () => (await api.items()).filter(({ pk }) => pk.startsWith("HEADS#")).length;

const setFormat = (format: number) =>
  api.client.send(new PutCommand({ TableName: api.tableName, Item: { ...META_KEY, format } }));

describe.each([
  ["of a data folder", { engine }],
  ["elsewhere, with --upgrade,", { asked: true }],
])("a table %s", (_, given) => {
  test("is upgraded, and it says so", async () => {
    await setFormat(1);
    await putOldHeads(2);
    expect(await start(given)).toEqual([`upgraded from format 1 to ${FORMAT}: folder data`]);
    expect(await oldHeads()).toBe(0);
  });

  test("whose upgrade was cut off is upgraded to the end, and it says so once", async () => {
    await putOldHeads(3);
    expect(await start(given)).toEqual([`finished an upgrade to format ${FORMAT}: folder data`]);
    expect(await oldHeads()).toBe(0);
    expect(await start(given)).toEqual([]);
  });

  test("whose upgrade takes too long is not served", async () => {
    await putOldHeads(32);
    let deletes = 0;
    between = (call) => {
      if (call.command === "Delete") {
        deletes += 1;
        // What is under way is done all the same.
        if (deletes === 1) clock.pass(61_000);
      }
      return call.send();
    };
    await expect(start(given)).rejects.toThrow(StartFailure);
    await expect(start(given)).resolves.toEqual([
      `finished an upgrade to format ${FORMAT}: folder data`,
    ]);
    expect(await oldHeads()).toBe(0);
  });
});

test("a table elsewhere is left as it is without --upgrade", async () => {
  await putOldHeads(1);
  expect(await start({})).toEqual([]);
  expect(await oldHeads()).toBe(1);
  await setFormat(1);
  const [told] = await start({});
  expect(told).toContain("keeps format 1");
  expect(told).toContain("start it once with --upgrade");
  expect(await oldHeads()).toBe(1);
});
