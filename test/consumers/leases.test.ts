/** The transitions of a lease, over HTTP: begin, renewal, confirmation, and what expiry forbids. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { expectRefusal } from "../support/expect-refusal.ts";
import { fastClock } from "../support/fast-clock.ts";
import { useApi } from "../support/frame.ts";
import { leaseExpired, leaseRequests, noLease, otherLife } from "../support/leases.ts";
import { REPEATS } from "../support/repeats.ts";
import { claim, claimBody, makeProvider, OWNER, readUsages } from "../support/world.ts";

const SECOND = 1_000;

describe.each(REPEATS)("with %s", (repeats) => {
  const clock = fastClock();
  const api = useApi({ clock, repeats });
  const { hold, held, renew, confirm, show, listed } = leaseRequests(() => api);
  const timeIn = (seconds: number) => new Date(clock.now() + seconds * SECOND).toISOString();
  let host: string;

  beforeAll(async () => {
    host = await makeProvider(api, { VCPU: 1_000 });
  });

  const used = async () => (await readUsages(api, host))["VCPU"];
  const one = () => ({ [host]: { VCPU: 1 } });

  describe("a lease begins", () => {
    test("with PUT of allocations, and the answer and the consumer say when it ends", async () => {
      const uuid = randomUUID();
      const answer = await hold(uuid, one(), 300);
      expect([answer.status, answer.body]).toEqual([204, ""]);
      expect(answer.headers["placement-lease-expires-at"]).toBe(timeIn(300));
      expect((await show(uuid)).body).toMatchObject({
        consumer_generation: 1,
        expires_at: timeIn(300),
        lease_version: 1,
      });
      expect(await listed(uuid)).toEqual([clock.now() + 300 * SECOND]);
    });

    test("with POST of allocations, for each consumer that holds something afterwards", async () => {
      const [old, first, second] = [await held(one(), 60), randomUUID(), randomUUID()];
      const body = {
        [old]: claimBody({}, 1),
        [first]: claimBody(one(), null),
        [second]: claimBody(one(), null),
      };
      const headers = { "placement-lease": "120" };
      const answer = await api.request("POST", "/allocations", { body, headers });
      expect(answer.status).toBe(204);
      expect(answer.headers["placement-lease-expires-at"]).toBe(timeIn(120));
      for (const uuid of [first, second]) {
        expect((await show(uuid)).body).toMatchObject({
          expires_at: timeIn(120),
          lease_version: 1,
        });
      }
      expect((await show(old)).status).toBe(404);
      expect(await listed(old)).toEqual([]);
    });

    test("with POST of consumers", async () => {
      const headers = { "placement-lease": "30" };
      const answer = await api.request("POST", "/consumers", { body: OWNER, headers });
      expect(answer.status).toBe(201);
      expect(answer.headers["placement-lease-expires-at"]).toBe(timeIn(30));
      expect(answer.body).toMatchObject({ expires_at: timeIn(30), lease_version: 1 });
      const { uuid } = answer.body;
      // An idle consumer keeps its lease when it claims.
      expect((await claim(api, uuid, one(), 0)).status).toBe(204);
      expect((await show(uuid)).body).toMatchObject({ expires_at: timeIn(30), lease_version: 1 });
    });

    test("again with the header on a later write, sooner or later than before", async () => {
      const uuid = await held(one(), 100);
      expect((await hold(uuid, one(), 200, 1)).status).toBe(204);
      expect((await show(uuid)).body).toMatchObject({ expires_at: timeIn(200), lease_version: 2 });
      expect(await listed(uuid)).toEqual([clock.now() + 100 * SECOND]);
      expect((await hold(uuid, one(), 50, 2)).status).toBe(204);
      expect((await show(uuid)).body).toMatchObject({ expires_at: timeIn(50), lease_version: 3 });
      expect(await listed(uuid)).toEqual([clock.now() + 50 * SECOND]);
    });

    test("not where nothing is held afterwards", async () => {
      const uuid = await held(one(), 100);
      const answer = await hold(uuid, {}, 100, 1);
      expect([answer.status, answer.headers["placement-lease-expires-at"]]).toEqual([
        204,
        undefined,
      ]);
      expect((await show(uuid)).status).toBe(404);
    });
  });

  test("a consumer without a lease shows nothing of leases", async () => {
    const uuid = randomUUID();
    const answer = await claim(api, uuid, one());
    expect(answer.headers["placement-lease-expires-at"]).toBeUndefined();
    const { body } = await show(uuid);
    expect(Object.keys(body)).not.toContain("expires_at");
    expect(Object.keys(body)).not.toContain("lease_version");
  });

  test("a write without the header keeps the lease", async () => {
    const uuid = await held(one(), 100);
    const end = timeIn(100);
    clock.pass(50 * SECOND);
    expect((await claim(api, uuid, { [host]: { VCPU: 2 } }, 1)).status).toBe(204);
    const body = { ...OWNER, consumer_generation: 2, project_id: "another" };
    expect((await api.request("PUT", `/consumers/${uuid}`, { body })).status).toBe(200);
    const raise = { body: { consumer_generation: 3 } };
    const raised = await api.request("POST", `/consumers/${uuid}/generation`, raise);
    expect(raised.body).toMatchObject({
      consumer_generation: 4,
      expires_at: end,
      lease_version: 1,
    });
  });

  test("a lease does not travel with what is moved to another consumer", async () => {
    const source = await held(one(), 100);
    const target = randomUUID();
    const body = { [source]: claimBody({}, 1), [target]: claimBody(one(), null) };
    expect((await api.request("POST", "/allocations", { body })).status).toBe(204);
    expect((await show(target)).body.expires_at).toBeUndefined();
  });

  describe("a renewal", () => {
    test("lets the lease end later: only the consumer's item is written", async () => {
      const uuid = await held(one(), 100);
      const [first] = await listed(uuid);
      clock.pass(60 * SECOND);
      const answer = await renew(uuid, 100);
      expect(answer.status).toBe(200);
      expect(answer.headers["placement-lease-expires-at"]).toBe(timeIn(100));
      expect(answer.body).toMatchObject({
        uuid,
        consumer_generation: 1,
        expires_at: timeIn(100),
        lease_version: 2,
      });
      expect((await show(uuid)).body).toEqual(answer.body);
      expect(await listed(uuid)).toEqual([first]);
    });

    test("lets it end earlier, and lists it there", async () => {
      const uuid = await held(one(), 100);
      expect((await renew(uuid, 10)).body.expires_at).toBe(timeIn(10));
      expect(await listed(uuid)).toEqual([clock.now() + 10 * SECOND]);
    });

    test("succeeds until the end, not at it", async () => {
      const uuid = await held(one(), 100);
      clock.pass(100 * SECOND - 1);
      expect((await renew(uuid, 1)).status).toBe(200);
      clock.pass(SECOND);
      expectRefusal(await renew(uuid, 1), leaseExpired(uuid));
      expect((await show(uuid)).body.lease_version).toBe(2);
    });

    test("compares life and lease version, if they are named", async () => {
      const uuid = await held(one(), 100);
      const { life } = (await show(uuid)).body;
      expectRefusal(await renew(uuid, 50, { life: randomUUID() }), otherLife(uuid));
      expectRefusal(await renew(uuid, 50, { life, lease_version: 2 }), {
        status: 409,
        code: "placement.concurrent_update",
        message: "lease version conflict - expected 1 but got 2",
      });
      expect((await renew(uuid, 50, { life, lease_version: 1 })).body.lease_version).toBe(2);
    });

    test("never begins a lease", async () => {
      const uuid = randomUUID();
      expect((await claim(api, uuid, one())).status).toBe(204);
      expectRefusal(await renew(uuid, 50), noLease(uuid));
      expect((await show(uuid)).body.expires_at).toBeUndefined();
      const unknown = randomUUID();
      expect((await renew(unknown, 50)).status).toBe(404);
    });
  });

  describe("a confirmation", () => {
    test("lets the consumer stay, and renewals that are late do not undo it", async () => {
      const uuid = await held(one(), 100);
      expect((await confirm(uuid)).status).toBe(204);
      const { body } = await show(uuid);
      expect([body.expires_at, body.lease_version, body.consumer_generation]).toEqual([
        undefined,
        undefined,
        1,
      ]);
      expect(await listed(uuid)).toEqual([]);
      expectRefusal(await renew(uuid, 50), noLease(uuid));
      expectRefusal(await confirm(uuid), noLease(uuid));
    });

    test("ends after the lease", async () => {
      const uuid = await held(one(), 100);
      clock.pass(100 * SECOND);
      expectRefusal(await confirm(uuid), leaseExpired(uuid));
    });

    test("is of the life that is named", async () => {
      const uuid = await held(one(), 100);
      const headers = { "placement-consumer-life": randomUUID() };
      expectRefusal(await confirm(uuid, headers), otherLife(uuid));
    });

    test("leaves the lease version, so that a later lease goes on from it", async () => {
      const uuid = await held(one(), 100);
      await confirm(uuid);
      expect((await hold(uuid, one(), 100, 1)).status).toBe(204);
      expect((await show(uuid)).body.lease_version).toBe(3);
    });
  });

  describe("after its end", () => {
    test("writes are refused, and what is held counts as used", async () => {
      const uuid = await held(one(), 100);
      const before = await used();
      clock.pass(100 * SECOND);
      expectRefusal(await claim(api, uuid, { [host]: { VCPU: 2 } }, 1), leaseExpired(uuid));
      expectRefusal(await hold(uuid, one(), 100, 1), leaseExpired(uuid));
      const body = { ...OWNER, consumer_generation: 1 };
      expectRefusal(await api.request("PUT", `/consumers/${uuid}`, { body }), leaseExpired(uuid));
      const raise = { body: { consumer_generation: 1 } };
      const raised = await api.request("POST", `/consumers/${uuid}/generation`, raise);
      expectRefusal(raised, leaseExpired(uuid));
      const moved = { inventories: {}, allocations: { [uuid]: claimBody(one(), 1) } };
      const reshaped = await api.request("POST", "/reshaper", { body: moved, roles: "service" });
      expectRefusal(reshaped, leaseExpired(uuid));
      expect(await used()).toBe(before);
      // A wrong generation is reported first, as ever.
      expect((await claim(api, uuid, one(), 7)).body.errors[0].code).toBe(
        "placement.concurrent_update",
      );
    });

    test.each([
      ["DELETE", (uuid: string) => api.request("DELETE", `/allocations/${uuid}`)],
      ["PUT of nothing", (uuid: string) => claim(api, uuid, {}, 1)],
      [
        "POST of nothing",
        (uuid: string) =>
          api.request("POST", "/allocations", { body: { [uuid]: claimBody({}, 1) } }),
      ],
    ])("%s empties the consumer", async (_, empty) => {
      const uuid = await held(one(), 100);
      const before = Number(await used());
      clock.pass(100 * SECOND);
      expect((await empty(uuid)).status).toBe(204);
      expect((await show(uuid)).status).toBe(404);
      expect(await used()).toBe(before - 1);
      expect(await listed(uuid)).toEqual([]);
    });

    test("an idle consumer can be deleted", async () => {
      const headers = { "placement-lease": "30" };
      const { uuid } = (await api.request("POST", "/consumers", { body: OWNER, headers })).body;
      clock.pass(30 * SECOND);
      const path = `/consumers/${uuid}?generation=0`;
      expect((await api.request("DELETE", path)).status).toBe(204);
      expect(await listed(uuid)).toEqual([]);
    });
  });
});
