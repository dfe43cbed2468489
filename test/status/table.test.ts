/** What the table tells of its own state: verification, leases, the feed, nothing of requests. */
import { randomUUID } from "node:crypto";
import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { beforeAll, describe, expect, test } from "vitest";
import { verifyRecords } from "../../functions/maintenance/verify-table.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { noteVerified } from "../../lib/store/maintenance/verify/walk/tally.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { feedAll } from "../support/events-feed.ts";
import { fastClock } from "../support/fast-clock.ts";
import { useApi } from "../support/frame.ts";
import { leaseRequests, MARGIN } from "../support/leases.ts";
import { claim, makeProvider } from "../support/world.ts";
import { iso, readStatus } from "./support.ts";

const SECOND = 1_000;

describe("a table that nothing was done to", () => {
  const api = useApi();

  test("says so", async () => {
    const { time, release, ...known } = await readStatus(api);
    expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(60 * SECOND);
    expect(release).toMatch(/^\d+\.\d+\.\d+$/);
    expect(known).toEqual({
      scope: "table",
      large_changes: [],
      more_large_changes: false,
      verification: null,
      leases: { lag_seconds: 0, swept_at: null, held_until: null },
      events: { lag_seconds: null, appended_at: null },
      requests: null,
    });
  });

  test("is not kept by anybody on the way", async () => {
    const { headers } = await api.request("GET", "/status");
    expect(headers["cache-control"]).toBe("no-cache");
  });
});

describe("the last verification", () => {
  const clock = fastClock();
  const api = useApi({ clock, verified: "never" });
  const verify = (input: object) => taskLambda(verifyRecords, async () => api.runtime)(input);
  /** Each is found twice: under its provider and under its project. */
  const damage = async (consumers: number) => {
    const host = await makeProvider(api, { VCPU: 10 });
    for (let count = 0; count < consumers; count += 1) {
      const uuid = randomUUID();
      await claim(api, uuid, { [host]: { VCPU: 1 } });
      const Key = { pk: `CONSUMER#${uuid}`, sk: "CONSUMER" };
      await api.client.send(new DeleteCommand({ TableName: api.tableName, Key }));
    }
  };
  const items = async () => (await api.items()).length;

  test("is told with its findings by rule, as it was at its end", async () => {
    await damage(2);
    const checked = await items();
    const begun = clock.now();
    expect(await verify({ batch_size: 1_000 })).toMatchObject({ found: 4, complete: true });
    const { verification } = await readStatus(api);
    expect(verification).toEqual({
      since: iso(begun),
      at: iso(clock.now()),
      checked,
      findings: 4,
      repaired: 0,
      unsettled: 0,
      rules: [{ rule: "lookup-orphan", findings: 4 }],
    });
  });

  test("is that of a schedule as a whole, whatever its parts", async () => {
    const begun = clock.now();
    let runs = 0;
    for (let complete = false; !complete && runs < 100; runs += 1) {
      clock.pass(60 * SECOND);
      const before = await readStatus(api);
      ({ complete } = (await verify({ batch_size: 1, resume: true })) as { complete: boolean });
      // Only the end is told.
      if (!complete) expect((await readStatus(api)).verification).toEqual(before.verification);
    }
    expect(runs).toBeGreaterThan(1);
    const { verification } = await readStatus(api);
    expect(verification).toMatchObject({
      since: iso(begun + 60 * SECOND),
      at: iso(clock.now()),
      findings: 4,
      rules: [{ rule: "lookup-orphan", findings: 4 }],
    });
  });

  test("is not one of which a caller has begun elsewhere", async () => {
    const before = await readStatus(api);
    clock.pass(SECOND);
    const { next } = (await verify({ batch_size: 1 })) as { next: string };
    expect(await verify({ batch_size: 1_000, after: next })).toMatchObject({ complete: true });
    expect((await readStatus(api)).verification).toEqual(before.verification);
  });

  test("counts what it has repaired", async () => {
    const report = (await verify({ batch_size: 1_000, repair: true })) as { done: number };
    expect(report.done).toBeGreaterThan(0);
    const { verification } = await readStatus(api);
    expect(verification?.repaired).toBe(report.done);
    await verify({ batch_size: 1_000 });
    expect((await readStatus(api)).verification).toMatchObject({
      findings: 0,
      repaired: 0,
      rules: [],
    });
  });

  test("lists its rules by their findings", async () => {
    const store = api.runtime.openStore({ access: WRITING, deadline: clock.now() + SECOND });
    const rules = { use: 2, amounts: 5, feed: 3 };
    await noteVerified(store, { since: 0, checked: 9, rules, repaired: 1, unsettled: 2 });
    expect((await readStatus(api)).verification).toMatchObject({
      findings: 10,
      repaired: 1,
      unsettled: 2,
      rules: [
        { rule: "amounts", findings: 5 },
        { rule: "feed", findings: 3 },
        { rule: "use", findings: 2 },
      ],
    });
  });
});

describe("leases", () => {
  const clock = fastClock();
  const api = useApi({ clock });
  const { held, renew, sweep } = leaseRequests(() => api);
  let host: string;
  beforeAll(async () => {
    host = await makeProvider(api, { VCPU: 100 });
  });

  test("lag by the one that expired first and is not released", async () => {
    for (const seconds of [30, 20, 300]) await held({ [host]: { VCPU: 1 } }, seconds);
    const renewed = await held({ [host]: { VCPU: 1 } }, 5);
    expect((await renew(renewed, 600)).status).toBe(200);
    clock.pass(20 * SECOND + MARGIN);
    expect((await readStatus(api)).leases.lag_seconds).toBe(0);
    clock.pass(25 * SECOND);
    expect((await readStatus(api)).leases).toEqual({
      lag_seconds: 25,
      swept_at: null,
      held_until: null,
    });
  });

  test("are held for a while after an outage, and lag no more when they were released", async () => {
    const begun = clock.now();
    expect(await sweep({ share: 100 })).toMatchObject({ done: 0, held: "outage" });
    const { leases } = await readStatus(api);
    expect(leases.swept_at).toBe(iso(begun));
    expect(Date.parse(leases.held_until ?? "")).toBeGreaterThan(begun);
    clock.pass(60 * SECOND);
    await sweep({ share: 100 });
    for (let minutes = 0; minutes < 5; minutes += 1) {
      clock.pass(60 * SECOND);
      await sweep({ share: 100 });
    }
    expect((await readStatus(api)).leases).toEqual({
      lag_seconds: 0,
      swept_at: iso(clock.now()),
      held_until: null,
    });
  });
});

describe("events", () => {
  const clock = fastClock();
  const api = useApi({ clock, events: "left" });
  const off = useApi({ configuration: { events: false } });

  test("tell when they were last fed; how far a stream is behind is not in the table", async () => {
    await makeProvider(api, { VCPU: 1 });
    await feedAll(api);
    const fed = clock.now();
    clock.pass(SECOND);
    await makeProvider(api, { VCPU: 1 });
    expect((await readStatus(api)).events).toEqual({ lag_seconds: null, appended_at: iso(fed) });
  });

  test("are null where they are not fed", async () => {
    expect((await readStatus(off)).events).toBeNull();
  });
});
