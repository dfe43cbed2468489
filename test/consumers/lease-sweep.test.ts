/** The sweep: what it releases, when, and what keeps it from releasing. */
import { randomUUID } from "node:crypto";
import { DeleteCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { consumerKey } from "../../lib/store/items/consumer.ts";
import { LEASE_SWEEP } from "../../lib/store/items/lease-sweep.ts";
import { leaseKey } from "../../lib/store/items/leased-consumer.ts";
import { fastClock } from "../support/fast-clock.ts";
import { useApi } from "../support/frame.ts";
import { leaseRequests, MARGIN } from "../support/leases.ts";
import { REPEATS } from "../support/repeats.ts";
import { uuidOf } from "../support/uuids.ts";
import { claim, makeProvider, OWNER, readProvider, readUsages } from "../support/world.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const QUIET = { found: 0, done: 0, failed: 0, held: null, lag: 0, complete: true };

describe.each(REPEATS)("with %s", (repeats) => {
  const clock = fastClock();
  const api = useApi({ clock, repeats });
  const { held, renew, show, sweep, listed } = leaseRequests(() => api);
  let host: string;

  beforeAll(async () => {
    host = await makeProvider(api, { VCPU: 1_000 });
  });
  const one = () => ({ [host]: { VCPU: 1 } });
  const used = async () => (await readUsages(api, host))["VCPU"] ?? 0;

  /** As if sweeps had run all the time. */
  const sweptNow = () =>
    api.client.send(
      new UpdateCommand({
        TableName: api.tableName,
        Key: LEASE_SWEEP,
        UpdateExpression: "SET swept = :now",
        ExpressionAttributeValues: { ":now": clock.now() },
      }),
    );
  /** Lets time pass in which sweeps run. */
  const pass = async (milliseconds: number) => {
    clock.pass(milliseconds);
    await sweptNow();
  };

  // No lease of an earlier test is left: none lasts as long.
  beforeEach(async () => {
    await pass(120 * MINUTE);
    expect((await sweep({ share: 100 })).complete).toBe(true);
  });

  test("a consumer is released with all it holds when the margin has passed, not before", async () => {
    const before = await used();
    const uuid = await held(one(), 60);
    const { generation } = await readProvider(api, host);
    await pass(60 * SECOND + MARGIN - 1);
    expect(await sweep()).toEqual(QUIET);
    expect((await show(uuid)).status).toBe(200);
    clock.pass(1);
    expect(await sweep()).toEqual({ ...QUIET, found: 1, done: 1 });
    expect((await show(uuid)).status).toBe(404);
    expect(await used()).toBe(before);
    // As after DELETE of allocations.
    expect((await readProvider(api, host)).generation).toBe(generation);
    expect(await listed(uuid)).toEqual([]);
    expect(await sweep()).toEqual(QUIET);
  });

  test("an idle consumer is released, too, and the next life has no lease", async () => {
    const headers = { "placement-lease": "30" };
    const { uuid, life } = (await api.request("POST", "/consumers", { body: OWNER, headers })).body;
    await pass(30 * SECOND + MARGIN);
    expect((await sweep()).done).toBe(1);
    expect((await claim(api, uuid, one())).status).toBe(204);
    const { body } = await show(uuid);
    expect([body.life === life, body.expires_at]).toEqual([false, undefined]);
    await pass(10 * MINUTE);
    expect((await sweep()).found).toBe(0);
    expect((await show(uuid)).status).toBe(200);
  });

  test("the lag is the time since the release was possible, and the run is measured", async () => {
    await held(one(), 60);
    await pass(60 * SECOND + MARGIN);
    clock.pass(1_500);
    expect(await sweep()).toMatchObject({ done: 1, lag: 1_500 });
    const line = api.logs.findLast(({ metrics }) => metrics !== undefined);
    expect(line?.["metrics"]).toMatchObject({ TaskRuns: 1, LeaseLag: 1_500, LeasesReleased: 1 });
  });

  test("a renewed lease is listed at its later end, and released after that", async () => {
    const uuid = await held(one(), 60);
    clock.pass(59 * SECOND);
    expect((await renew(uuid, 120)).status).toBe(200);
    const end = clock.now() + 120 * SECOND;
    await pass(MINUTE);
    expect(await sweep()).toEqual({ ...QUIET, found: 1 });
    expect(await listed(uuid)).toEqual([end]);
    // The client's lease version is that of its renewal.
    expect((await show(uuid)).body.lease_version).toBe(2);
    expect((await renew(uuid, 121, { lease_version: 2 })).status).toBe(200);
    await pass(131 * SECOND);
    expect((await sweep()).done).toBe(1);
  });

  test("the margin is that of the renewed end, where the lease is still listed at the earlier one", async () => {
    const uuid = await held(one(), 60);
    clock.pass(59 * SECOND);
    expect((await renew(uuid, 5)).status).toBe(200);
    const end = clock.now() + 5 * SECOND;
    await pass(5 * SECOND + MARGIN - 1);
    expect(await sweep()).toEqual({ ...QUIET, found: 1 });
    expect(await listed(uuid)).toEqual([end]);
    clock.pass(1);
    expect((await sweep()).done).toBe(1);
  });

  test("an entry without its consumer, or of another life, is removed", async () => {
    const nobody = uuidOf(randomUUID());
    const other = uuidOf(await held(one(), 600));
    const left = uuidOf(randomUUID());
    expect((await claim(api, left, one())).status).toBe(204);
    const now = clock.now();
    const { client, tableName: TableName } = api;
    for (const uuid of [nobody, other, left]) {
      await client.send(new PutCommand({ TableName, Item: { ...leaseKey(uuid, now - MINUTE) } }));
    }
    expect(await sweep()).toEqual({ ...QUIET, found: 3 });
    expect(await listed(nobody)).toEqual([]);
    expect(await listed(left)).toEqual([]);
    expect(await listed(other)).toEqual([now + 600 * SECOND]);
    expect((await show(left)).status).toBe(200);
  });

  test("a consumer that cannot be released does not delay the others", async () => {
    const [broken, sound] = [uuidOf(await held(one(), 60)), await held(one(), 60)];
    const { client, tableName: TableName } = api;
    const stored = (await api.items()).find(({ pk }) => pk === consumerKey(broken).pk);
    const set = (value: unknown) =>
      client.send(
        new UpdateCommand({
          TableName,
          Key: consumerKey(broken),
          UpdateExpression: "SET a = :a",
          ExpressionAttributeValues: { ":a": value },
        }),
      );
    await set({ [host]: { 0: 999_999 } });
    await pass(70 * SECOND);
    expect(await sweep()).toMatchObject({ found: 2, done: 1, failed: 1, complete: false });
    expect((await show(sound)).status).toBe(404);
    await set(stored?.["a"]);
    expect(await sweep()).toMatchObject({ done: 1, failed: 0, complete: true });
  });

  describe("after an outage", () => {
    test("nothing is released for five minutes, and what is renewed meanwhile stays", async () => {
      const lost = await held(one(), 60);
      const renewed = await held(one(), 180);
      clock.pass(121 * SECOND);
      expect(await sweep()).toMatchObject({ found: 1, done: 0, held: "outage", complete: false });
      expect((await renew(renewed, 600)).status).toBe(200);
      await pass(299 * SECOND);
      expect(await sweep()).toMatchObject({ done: 0, held: "outage" });
      clock.pass(SECOND);
      expect(await sweep()).toMatchObject({ done: 1, held: null });
      expect([(await show(lost)).status, (await show(renewed)).status]).toEqual([404, 200]);
    });

    test("of two minutes nothing is held up", async () => {
      await held(one(), 60);
      clock.pass(120 * SECOND);
      expect(await sweep()).toMatchObject({ done: 1, held: null });
    });

    test("without a record of the last sweep it is as after one", async () => {
      await held(one(), 60);
      const { client, tableName: TableName } = api;
      await client.send(new DeleteCommand({ TableName, Key: LEASE_SWEEP }));
      clock.pass(70 * SECOND);
      expect(await sweep()).toMatchObject({ done: 0, held: "outage" });
    });

    test("without leases nothing is held up", async () => {
      clock.pass(60 * MINUTE);
      expect(await sweep()).toEqual(QUIET);
      await held(one(), 30);
      clock.pass(40 * SECOND);
      expect(await sweep()).toMatchObject({ done: 1, held: null });
    });
  });

  describe("of many leases at once", () => {
    const many = (count: number, seconds: number) =>
      Promise.all(Array.from({ length: count }, () => held(one(), seconds)));

    test("ten are released, however few there are", async () => {
      await many(10, 60);
      await pass(70 * SECOND);
      expect(await sweep()).toMatchObject({ done: 10, held: null });
    });

    test("eleven of fifty are not: the sweep is held until an operator permits a larger share", async () => {
      await many(39, 3_600);
      await many(11, 60);
      await pass(71 * SECOND);
      expect(await sweep()).toMatchObject({ found: 11, done: 0, held: "share", complete: false });
      const line = api.logs.findLast(({ metrics }) => metrics !== undefined);
      expect(line?.["metrics"]).toMatchObject({ LeaseSweepHeld: 1, LeaseLag: expect.any(Number) });
      await pass(10 * MINUTE);
      expect(await sweep()).toMatchObject({ done: 0, held: "share" });
      expect(await sweep({ share: 22 })).toMatchObject({ done: 11, held: null });
    });

    test("eleven of fifty-five are", async () => {
      await many(44, 3_600);
      await many(11, 60);
      await pass(70 * SECOND);
      expect(await sweep()).toMatchObject({ done: 11, held: null });
    });

    test("a small batch does not get past the guard", async () => {
      await many(15, 3_600);
      await many(35, 60);
      await pass(70 * SECOND);
      expect(await sweep({ batch_size: 16 })).toMatchObject({ done: 0, held: "share" });
    });
  });

  test("two sweeps at once release each consumer once", async () => {
    const before = await used();
    await Promise.all(Array.from({ length: 8 }, () => held(one(), 60)));
    await pass(70 * SECOND);
    const reports = await Promise.all([sweep(), sweep()]);
    expect(reports.map(({ failed }) => failed)).toEqual([0, 0]);
    expect(reports[0].done + reports[1].done).toBe(8);
    expect(await used()).toBe(before);
  });
});
