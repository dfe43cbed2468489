/** Requests share one read of the table's format, but not the deadline of the request that reads. */
import { expect, test } from "vitest";
import { systemRandom } from "../../lib/api/system-random.ts";
import { FormatCache } from "../../lib/store/cache/format.ts";
import { FORMAT } from "../../lib/store/items/table-format.ts";
import type { Client } from "../../lib/store/table/connection.ts";
import { Busy } from "../../lib/store/table/refusals.ts";
import { RawTable } from "../../lib/store/table/table.ts";
import { type FastClock, fastClock } from "../support/fast-clock.ts";

/** The table of a request that has `time` milliseconds, and the calls that it sends. */
function tableOf(clock: FastClock, time: number, answer: () => Promise<unknown>) {
  let calls = 0;
  const send = () => {
    calls += 1;
    return answer();
  };
  const client = { send, destroy: () => {} } as Client;
  const context = {
    clock,
    random: systemRandom,
    deadline: clock.now() + time,
    counts: { retries: 0 },
  };
  const table = new RawTable({ client, tableName: "table" }, context, new Set(["GetItem"]));
  return { table, calls: () => calls };
}

const never = () => new Promise<never>(() => {});
const told = async () => ({ Item: { pk: "META#TABLE", sk: "META", format: FORMAT } });

test("a request reads for itself where the one that read had no more time", async () => {
  const clock = fastClock();
  const cache = new FormatCache();
  const first = cache.readable(tableOf(clock, 1_000, never).table);
  const own = tableOf(clock, 20_000, told);
  const second = cache.readable(own.table);
  clock.ring();
  await expect(first).rejects.toBeInstanceOf(Busy);
  expect(await second).toBe(FORMAT);
  expect(own.calls()).toBe(1);
});

test("a request waits for another one's reading no longer than it may", async () => {
  const clock = fastClock();
  const cache = new FormatCache();
  const first = cache.readable(tableOf(clock, 20_000, never).table);
  first.catch(() => undefined);
  const second = cache.readable(tableOf(clock, 1_000, told).table);
  second.catch(() => undefined);
  const ended = second.then(
    () => "told",
    (error: unknown) => (error instanceof Busy ? "busy" : "failed"),
  );
  clock.ring();
  expect(clock.slept).toBe(1_000);
  expect(await ended).toBe("busy");
});

test("requests at once read once, and later ones not at all", async () => {
  const clock = fastClock();
  const cache = new FormatCache();
  const tables = [1, 2, 3].map(() => tableOf(clock, 20_000, told));
  expect(await Promise.all(tables.map(({ table }) => cache.readable(table)))).toEqual(
    Array(3).fill(FORMAT),
  );
  const later = tableOf(clock, 20_000, told);
  expect(await cache.readable(later.table)).toBe(FORMAT);
  expect([...tables, later].map(({ calls }) => calls())).toEqual([1, 0, 0, 0]);
  expect(clock.timers).toBe(0);
});
