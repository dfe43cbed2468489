/** Claims by query whose consumers have leases. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { createClaims } from "../../functions/claims/create.ts";
import { DEFAULT_CONFIGURATION } from "../../lib/api/configuration.ts";
import { callDirectly } from "../support/direct.ts";
import { expectRefusal } from "../support/expect-refusal.ts";
import { fastClock } from "../support/fast-clock.ts";
import { useApi } from "../support/frame.ts";
import { leaseExpired, leaseRequests } from "../support/leases.ts";
import { type Asked, claimByQuery, newConsumer, queryBody } from "../support/query-claims.ts";
import { makeProvider, OWNER } from "../support/world.ts";

const MOST = DEFAULT_CONFIGURATION.maxLease;
const clock = fastClock();
const api = useApi({ clock });
const { renew, show, listed } = leaseRequests(() => api);
const timeIn = (seconds: number) => new Date(clock.now() + seconds * 1_000).toISOString();
let query: string;

beforeAll(async () => {
  query = `resources=VCPU:1&in_tree=${await makeProvider(api, { VCPU: 1_000 })}`;
});
const headers = (seconds: number) => ({ headers: { "placement-lease": String(seconds) } });
const ask = (consumers: Asked["consumers"], options = {}) =>
  claimByQuery(api, [query], consumers === undefined ? {} : { consumers }, options);

test("the header begins a lease of each consumer that names none, and the answer says when it ends", async () => {
  const consumers = [newConsumer(), { ...newConsumer(), lease: 60 }, newConsumer()];
  const { status, body } = await ask(consumers, headers(300));
  expect(status).toBe(201);
  for (const [place, seconds] of [300, 60, 300].entries()) {
    const told = { expires_at: timeIn(seconds), lease_version: 1 };
    expect(body.consumers[place]).toMatchObject(told);
    const { uuid } = consumers[place] ?? newConsumer();
    expect((await show(uuid)).body).toMatchObject(told);
    expect(await listed(uuid)).toEqual([clock.now() + seconds * 1_000]);
  }
});

test("without either, the answer says nothing of leases", async () => {
  const { body } = await ask(undefined);
  expect(Object.keys(body.consumers[0])).not.toContain("expires_at");
  expect(Object.keys(body.consumers[0])).not.toContain("lease_version");
});

test("by direct invocation it is as over HTTP", async () => {
  const body = queryBody([query]);
  const answer = await callDirectly(api, createClaims, { version: "1.39", body, lease: 60 });
  expect(answer).toMatchObject({ status: 201, body: { consumers: [{ expires_at: timeIn(60) }] } });
});

describe("a consumer that is idle", () => {
  const idle = async (seconds: number) => {
    const body = { uuid: randomUUID(), ...OWNER };
    expect((await api.request("POST", "/consumers", { body, ...headers(seconds) })).status).toBe(
      201,
    );
    return { ...body, consumer_generation: 0 };
  };

  test("keeps its lease, or begins it again", async () => {
    const [kept, again] = [await idle(60), await idle(60)];
    const end = timeIn(60);
    clock.pass(10_000);
    const { body } = await ask([kept, { ...again, lease: 600 }]);
    expect(body.consumers).toMatchObject([
      { expires_at: end, lease_version: 1 },
      { expires_at: timeIn(600), lease_version: 2 },
    ]);
    expect((await renew(kept.uuid, 60, { lease_version: 1 })).status).toBe(200);
  });

  test("claims nothing after the end of its lease, and neither do the others", async () => {
    const [expired, other] = [await idle(60), newConsumer()];
    clock.pass(60_000);
    expectRefusal(await ask([other, expired]), leaseExpired(expired.uuid));
    expectRefusal(await ask([other, expired], headers(60)), leaseExpired(expired.uuid));
    expect((await show(other.uuid)).status).toBe(404);
  });
});

test.each([0, 1.5, "60", null, MOST + 1])("a lease of %j is refused", async (lease) => {
  const consumer = { ...newConsumer(), lease };
  expect((await ask([consumer])).status).toBe(400);
  expect((await show(consumer.uuid)).status).toBe(404);
});
