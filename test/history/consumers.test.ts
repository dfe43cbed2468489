/** What the history of a consumer tells of each write. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { deleteIdleConsumers } from "../../functions/maintenance/delete-idle-consumers.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { fastClock } from "../support/fast-clock.ts";
import { useApi } from "../support/frame.ts";
import { brokenLives, historyOf, steps } from "../support/history.ts";
import { leaseRequests, MARGIN } from "../support/leases.ts";
import { claimByQuery, newConsumer } from "../support/query-claims.ts";
import { REPEATS } from "../support/repeats.ts";
import { claim, claimBody, makeProvider, OWNER, release } from "../support/world.ts";

const SECOND = 1_000;

describe.each(REPEATS)("with %s", (repeats) => {
  const clock = fastClock(1_800_000_000_000);
  const api = useApi({ clock, repeats });
  const { hold, held, renew, confirm, sweep, show } = leaseRequests(() => api);
  let [here, there] = ["", ""];

  beforeAll(async () => {
    here = await makeProvider(api, { VCPU: 1_000, MEMORY_MB: 1_000 });
    there = await makeProvider(api, { VCPU: 1_000 });
  });
  const of = (uuid: string) => historyOf(api, "consumers", uuid);
  const expectWhole = async (uuid: string, expected: readonly string[]) => {
    const events = await of(uuid);
    expect(steps(events)).toEqual(expected);
    expect(brokenLives(events)).toEqual([]);
    return events;
  };

  test("a claim, a change of it and its release are told with who, when, why, before and after", async () => {
    const uuid = randomUUID();
    const began = clock.now();
    const answer = await claim(api, uuid, { [here]: { VCPU: 2, MEMORY_MB: 5 } });
    const { life } = (await show(uuid)).body;
    clock.pass(SECOND);
    await claim(api, uuid, { [here]: { VCPU: 2, MEMORY_MB: 5 }, [there]: { VCPU: 1 } }, 1);
    await release(api, uuid);
    const [created, updated, deleted] = await expectWhole(uuid, [
      "allocation.create null>1",
      "allocation.update 1>2",
      "allocation.delete 2>null",
    ]);
    expect(created).toEqual({
      id: `${uuid}.${life}.1`,
      event: "placement.allocation.create",
      subject: uuid,
      life,
      generation_before: null,
      generation_after: 1,
      changes: {
        project_id: { before: null, after: OWNER.project_id },
        user_id: { before: null, after: OWNER.user_id },
        consumer_type: { before: null, after: OWNER.consumer_type },
        allocations: { before: null, after: { [here]: { VCPU: 2, MEMORY_MB: 5 } } },
      },
      project_id: OWNER.project_id,
      caller: { kind: "headers", user: "admin" },
      request_id: answer.headers["x-openstack-request-id"],
      time: new Date(Math.floor(began)).toISOString(),
      cause: "request",
    });
    // Only what differs: nothing was changed on the first provider.
    expect(updated?.changes).toEqual({
      allocations: { before: {}, after: { [there]: { VCPU: 1 } } },
    });
    expect(Date.parse(updated?.time ?? "")).toBeGreaterThanOrEqual(began + SECOND - 1);
    expect(deleted?.changes["allocations"]).toEqual({
      before: { [here]: { VCPU: 2, MEMORY_MB: 5 }, [there]: { VCPU: 1 } },
      after: null,
    });
    expect(deleted?.changes["project_id"]).toEqual({ before: OWNER.project_id, after: null });
  });

  test("a consumer that is a record of its own is told of as such", async () => {
    const { uuid } = (await api.request("POST", "/consumers", { body: OWNER })).body;
    const moved = { ...OWNER, project_id: "elsewhere", consumer_generation: 0 };
    expect((await api.request("PUT", `/consumers/${uuid}`, { body: moved })).status).toBe(200);
    const raise = { consumer_generation: 1 };
    const path = `/consumers/${uuid}/generation`;
    expect((await api.request("POST", path, { body: raise })).status).toBeLessThan(300);
    await claim(api, uuid, { [here]: { VCPU: 1 } }, 2);
    await release(api, uuid);
    const events = await expectWhole(uuid, [
      "consumer.create null>0",
      "consumer.update 0>1",
      "consumer.update 1>2",
      "allocation.create 2>3",
      "allocation.delete 3>null",
    ]);
    expect(events[1]?.changes).toEqual({
      project_id: { before: OWNER.project_id, after: "elsewhere" },
    });
    expect(events[2]?.changes).toEqual({});
    expect(events.map((each) => each.project_id)).toEqual([
      OWNER.project_id,
      "elsewhere",
      "elsewhere",
      OWNER.project_id,
      OWNER.project_id,
    ]);
  });

  test("an idle consumer is deleted by a request, by an empty claim and by the sweep of idle ones", async () => {
    const ends: Record<string, (uuid: string) => Promise<unknown>> = {
      request: (uuid) => api.request("DELETE", `/consumers/${uuid}?generation=0`),
      emptied: (uuid) => claim(api, uuid, {}, 0),
      idle: (uuid) =>
        taskLambda(deleteIdleConsumers, async () => api.runtime)({ consumers: [uuid] }),
    };
    for (const [name, end] of Object.entries(ends)) {
      const { uuid } = (await api.request("POST", "/consumers", { body: OWNER })).body;
      await end(uuid);
      const events = await expectWhole(uuid, ["consumer.create null>0", "consumer.delete 0>null"]);
      const cause = name === "idle" ? "idle" : "request";
      expect([events[1]?.cause, events[1]?.caller === null]).toEqual([cause, name === "idle"]);
    }
  });

  test("lives follow one another, each from its beginning to its end", async () => {
    const uuid = randomUUID();
    for (let life = 0; life < 3; life += 1) {
      await claim(api, uuid, { [here]: { VCPU: 1 } });
      await release(api, uuid);
      clock.pass(2);
    }
    const events = await expectWhole(
      uuid,
      Array.from({ length: 3 }, () => [
        "allocation.create null>1",
        "allocation.delete 1>null",
      ]).flat(),
    );
    expect(new Set(events.map(({ life }) => life)).size).toBe(3);
    expect(new Set(events.map(({ id }) => id)).size).toBe(6);
  });

  describe("of leases", () => {
    test("the beginning and the confirmation are told, a renewal is not", async () => {
      const uuid = await held({ [here]: { VCPU: 1 } }, 60);
      expect((await renew(uuid, 600)).status).toBe(200);
      expect((await confirm(uuid)).status).toBe(204);
      await hold(uuid, { [here]: { VCPU: 1 } }, 60, 1);
      expect((await confirm(uuid)).status).toBe(204);
      await release(api, uuid);
      const events = await expectWhole(uuid, [
        "allocation.create null>1",
        "lease.delete 1>1",
        "allocation.update 1>2",
        "lease.delete 2>2",
        "allocation.delete 2>null",
      ]);
      expect(events[0]?.changes["expires_at"]?.before).toBe(null);
      const { before, after } = events[1]?.changes["expires_at"] ?? {};
      expect([Date.parse(String(before)) > clock.now() + 500 * SECOND, after]).toEqual([
        true,
        null,
      ]);
      expect(Object.keys(events[2]?.changes ?? {})).toEqual(["expires_at"]);
    });

    test("an expiry is a release, by nobody, whose cause is the expiry", async () => {
      await sweep({ share: 100 });
      const holding = await held({ [here]: { VCPU: 1 } }, 30);
      const headers = { "placement-lease": "30" };
      const { uuid: idle } = (await api.request("POST", "/consumers", { body: OWNER, headers }))
        .body;
      clock.pass(30 * SECOND + MARGIN + 1);
      expect(await sweep({ share: 100 })).toMatchObject({ done: 2 });
      const [, released] = await expectWhole(holding, [
        "allocation.create null>1",
        "allocation.delete 1>null",
      ]);
      const [, gone] = await expectWhole(idle, [
        "consumer.create null>0",
        "consumer.delete 0>null",
      ]);
      for (const each of [released, gone]) {
        expect(each).toMatchObject({ cause: "lease_expired", caller: null });
      }
    });
  });

  test("of several consumers in one change each has its event, and all name the change", async () => {
    const [one, two] = [randomUUID(), randomUUID()];
    const body = {
      [one]: claimBody({ [here]: { VCPU: 1 } }, null),
      [two]: claimBody({ [there]: { VCPU: 1 } }, null),
    };
    expect((await api.request("POST", "/allocations", { body })).status).toBe(204);
    const [[first], [second]] = [await of(one), await of(two)];
    expect(first?.change_id).toEqual(expect.any(String));
    expect(first?.change_id).toBe(second?.change_id);
    expect([first?.change_size, second?.change_size]).toEqual([2, 2]);
    expect(first?.id).not.toBe(second?.id);
    const swap = {
      [one]: claimBody({}, 1),
      [two]: claimBody({ [here]: { VCPU: 1 } }, 1),
    };
    expect((await api.request("POST", "/allocations", { body: swap })).status).toBe(204);
    await expectWhole(one, ["allocation.create null>1", "allocation.delete 1>null"]);
    await expectWhole(two, ["allocation.create null>1", "allocation.update 1>2"]);
  });

  test("a claim by query is told of as any other", async () => {
    const consumers = [newConsumer(), newConsumer()];
    const query = `resources=VCPU:1&in_tree=${here}`;
    expect((await claimByQuery(api, [query], { consumers })).status).toBe(201);
    for (const { uuid } of consumers) {
      const [event] = await expectWhole(uuid, ["allocation.create null>1"]);
      expect(event?.changes["allocations"]?.after).toEqual({ [here]: { VCPU: 1 } });
      expect(event?.change_size).toBe(2);
    }
  });

  test("what is refused, and what changes nothing, is not told", async () => {
    const uuid = randomUUID();
    expect((await claim(api, uuid, { [here]: { VCPU: 5_000 } })).status).toBe(409);
    expect((await release(api, uuid)).status).toBe(404);
    expect((await claim(api, uuid, {})).status).toBe(204);
    expect(await of(uuid)).toEqual([]);
  });

  test("a custom class has the name that it had then", async () => {
    const name = `CUSTOM_${randomUUID().replaceAll("-", "").toUpperCase()}`;
    await api.request("PUT", `/resource_classes/${name}`);
    const host = await makeProvider(api, { [name]: 10 });
    const uuid = randomUUID();
    await claim(api, uuid, { [host]: { [name]: 1 } });
    await release(api, uuid);
    const inventories = `/resource_providers/${host}/inventories`;
    expect((await api.request("DELETE", inventories)).status).toBe(204);
    expect((await api.request("DELETE", `/resource_classes/${name}`)).status).toBe(204);
    const [, deleted] = await of(uuid);
    expect(deleted?.changes["allocations"]?.before).toEqual({ [host]: { [name]: 1 } });
  });
});
