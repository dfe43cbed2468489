/** A dump of a whole table, and the table that is loaded from it. */
import { randomUUID } from "node:crypto";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkDump } from "../../lib/store/maintenance/dump/check-dump.ts";
import { LoadRefused } from "../../lib/store/maintenance/dump/load-table.ts";
import { TornDump } from "../../lib/store/maintenance/dump/torn.ts";
import { HOLDER, makeWorld, OTHER, TOP } from "../maintenance/damage.ts";
import { type Api, startApi } from "../support/api.ts";
import { dump, linesFrom, load } from "../support/dumps.ts";
import { type FastClock, fastClock } from "../support/fast-clock.ts";
import { type Call, type Interposer, interpose } from "../support/interpose.ts";
import { brokenInvariants } from "../support/invariants.ts";
import { until } from "../support/until.ts";
import { claim, detailOf, makeProvider } from "../support/world.ts";

let source: Api;
let target: Api;
let clock: FastClock;
let between: Interposer | undefined;

const start = () => {
  const pass = (call: Call) => (between === undefined ? call.send() : between(call));
  return startApi({ clock, connection: (connection) => interpose(connection, pass) });
};

/** All items but those of the feed of events, which begins anew in a table that is loaded. */
const withoutFeed = async (api: Api) =>
  (await api.items()).filter(({ pk }) => !/^(?:FEED#|PENDING$|META#FEED$)/.test(pk));

beforeEach(async () => {
  clock = fastClock();
  between = undefined;
  source = await start();
  target = await start();
  await makeWorld(source);
});
afterEach(async () => {
  await source.close();
  await target.close();
});

describe("a dump", () => {
  test("of a table at rest has all of it, and the table that is loaded from it is the same", async () => {
    const told: number[] = [];
    const { lines, items } = await dump(source, { progress: (count) => told.push(count) });
    const before = await source.items();
    expect(items).toBe(before.length);
    expect(told).toEqual([before.length, before.length]);
    expect(JSON.parse(lines[0] ?? "")).toEqual({ placementDump: 1, format: 2, pseudonyms: false });
    expect(await load(target, lines)).toBe(before.length);
    expect(await withoutFeed(target)).toEqual(before);
    // The function that read the new table before looks at its format after a minute.
    clock.pass(60_000);
    const path = `/allocations/${HOLDER}`;
    expect((await target.request("GET", path)).body).toEqual(
      (await source.request("GET", path)).body,
    );
    expect((await claim(target, randomUUID(), { [TOP]: { VCPU: 1 } })).status).toBe(204);
    expect(brokenInvariants(await target.items())).toEqual([]);
  });

  test("leaves out the feed of events, and the table that is loaded begins another one", async () => {
    const fed = await startApi({ events: "fed" });
    try {
      await makeProvider(fed, { VCPU: 1 });
      const read = async (api: Api, query = "") =>
        api.request("GET", `/events${query}`, { version: "1.39" });
      const told = await until("both events are in the feed", async () => {
        const { body } = await read(fed);
        return body.events.length > 1 ? body : undefined;
      });
      const { lines } = await dump(fed);
      expect(lines.filter((line) => line.includes("FEED"))).toEqual([]);
      await load(target, lines);
      clock.pass(60_000);
      const after = await read(target, `?after=${told.next}`);
      expect([after.status, after.body.errors[0].code]).toEqual([
        410,
        "placement.events.other_epoch",
      ]);
      expect((await read(target)).body.events).toEqual([]);
    } finally {
      await fed.close();
    }
  });

  test("of equal tables has equal lines", async () => {
    const { lines } = await dump(source, { inUse: false });
    await load(target, lines);
    expect((await dump(target)).lines.toSorted()).toEqual(lines.toSorted());
  });

  test("of a table that is written meanwhile fails, and names what differs", async () => {
    const consumer = randomUUID();
    let scans = 0;
    between = async (call) => {
      if (call.command === "Scan") scans += 1;
      if (call.command === "Scan" && scans === 2) {
        expect((await claim(source, consumer, { [TOP]: { VCPU: 1 } })).status).toBe(204);
        await source.request("DELETE", `/resource_providers/${OTHER}/traits`);
      }
      return call.send();
    };
    const failure = await dump(source).catch((error: unknown) => error);
    if (!(failure instanceof TornDump)) throw failure;
    const named = failure.torn.map(({ key, how }) => `${how} ${key.pk} ${key.sk}`);
    expect(named).toContain(`created CONSUMER#${consumer} CONSUMER`);
    expect(named.filter((each) => each.endsWith(` H#${TOP}`))).toHaveLength(1);
    expect(named.some((each) => each.startsWith("changed SHARD#"))).toBe(true);
  });

  test("names what was deleted meanwhile", async () => {
    let scans = 0;
    between = async (call) => {
      if (call.command === "Scan") scans += 1;
      if (call.command === "Scan" && scans === 2) {
        await source.request("DELETE", `/allocations/${HOLDER}`);
      }
      return call.send();
    };
    const failure = await dump(source).catch((error: unknown) => error);
    if (!(failure instanceof TornDump)) throw failure;
    const deleted = failure.torn.filter(({ how }) => how === "deleted");
    expect(deleted.map(({ key }) => key.pk)).toContain(`CONSUMER#${HOLDER}`);
  });

  test("is not failed by answers that expire, nor by walks", async () => {
    const { client, tableName: TableName } = source;
    let scans = 0;
    between = async (call) => {
      if (call.command === "Scan") scans += 1;
      if (call.command === "Scan" && scans === 2) {
        for (const Item of [
          { pk: "IDEMPOTENCY#x", sk: "IDEMPOTENCY", ttl: 1 },
          { pk: "META#VERIFY", sk: "META", repair: false, place: "x" },
        ]) {
          await client.send(new PutCommand({ TableName, Item }));
        }
      }
      return call.send();
    };
    await expect(dump(source)).resolves.toMatchObject({ unreadable: [] });
  });
});

describe("a load", () => {
  test("that was cut off leaves a table that nothing uses, and goes on", async () => {
    const { lines } = await dump(source);
    let puts = 0;
    between = async (call) => {
      if (call.command === "Put") puts += 1;
      if (puts > 12)
        throw Object.assign(new Error("killed"), { $metadata: { httpStatusCode: 400 } });
      return call.send();
    };
    await expect(load(target, lines)).rejects.toThrow();
    between = undefined;
    clock.pass(60_000);
    const refused = await target.request("GET", "/resource_providers");
    expect(refused.status).toBe(503);
    expect(detailOf(refused)).toContain("is being loaded from a dump");
    // Another dump does not go on with it.
    const { lines: other } = await dump(source, { inUse: false, pseudonyms: undefined });
    const [head = "", ...rest] = other;
    const others = [head.replace("2", "1"), ...rest];
    await expect(load(target, others)).rejects.toThrow();
    expect(await load(target, lines)).toBe(lines.length - 2);
    expect(await withoutFeed(target)).toEqual(await source.items());
  });

  test("goes into an empty table only", async () => {
    const { lines } = await dump(source);
    const before = await source.items();
    await expect(load(source, lines)).rejects.toThrow(LoadRefused);
    expect(await source.items()).toEqual(before);
  });

  test("is refused where something else writes the table", async () => {
    const { lines } = await dump(source);
    const { client, tableName: TableName } = target;
    let done = false;
    between = async (call) => {
      if (call.command === "Put" && !done) {
        done = true;
        const Item = { pk: `CONSUMER#${HOLDER}`, sk: "CONSUMER", g: 77 };
        await client.send(new PutCommand({ TableName, Item }));
      }
      return call.send();
    };
    await expect(load(target, lines)).rejects.toThrow("something uses the table");
  });
});

describe("a file that is not whole is refused before anything is written:", () => {
  const cut = (lines: readonly string[]) => lines.slice(0, -1);
  const changed = (lines: readonly string[]) =>
    lines.map((line) => line.replace('"N":"10"', '"N":"11"'));
  const without = (lines: readonly string[]) => lines.filter((_, index) => index !== 3);
  const twice = (lines: readonly string[]) => [...lines, lines[1] ?? ""];
  const later = (lines: readonly string[]) => [
    '{"placementDump":2,"format":2,"pseudonyms":false}',
    ...lines.slice(1),
  ];
  test.each([
    ["without its end", cut, "cut off"],
    ["with another amount", changed, "not those that were written"],
    ["without one of its lines", without, "not those that were written"],
    ["that goes on after its end", twice, "follows its end"],
    ["of a later form", later, "form 2 of dumps"],
    ["that is empty", () => [], "cut off"],
    ["that is no dump", () => ['{"pk":{"S":"x"}}'], "placementDump"],
  ])("one %s", async (_, damage, words) => {
    const { lines } = await dump(source, { inUse: false });
    await expect(checkDump(linesFrom(damage(lines)))).rejects.toThrow(words);
    await expect(checkDump(linesFrom(lines))).resolves.toMatchObject({ head: { format: 2 } });
  });
});
