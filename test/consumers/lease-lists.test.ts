/** Consumers by the ends of their leases, who may touch a lease, and hosts that are emptied of leased consumers. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { expectRefusal } from "../support/expect-refusal.ts";
import { fastClock } from "../support/fast-clock.ts";
import { useApi } from "../support/frame.ts";
import { leaseRequests } from "../support/leases.ts";
import { claim, makeProvider, readClaim, readUsages } from "../support/world.ts";

const clock = fastClock();
const api = useApi({
  clock,
  configuration: { policyRules: { "placement:consumers:lease": "role:janitor" } },
});
const { hold, held, show, listed, releaseAll } = leaseRequests(() => api);
const roles = "janitor";
const renew = (uuid: string, seconds: number, as = roles) =>
  api.request("PUT", `/consumers/${uuid}/lease`, { body: { seconds }, roles: as });
const confirm = (uuid: string, as = roles) =>
  api.request("DELETE", `/consumers/${uuid}/lease`, { roles: as });
const timeIn = (seconds: number) => new Date(clock.now() + seconds * 1_000).toISOString();
const one = (provider: string) => ({ [provider]: { VCPU: 1 } });
let host: string;

beforeAll(async () => {
  host = await makeProvider(api, { VCPU: 1_000 });
});

describe("GET /consumers?expires_before=", () => {
  const list = (time: string, more = "") =>
    api.request("GET", `/consumers?expires_before=${encodeURIComponent(time)}${more}`);
  const uuidsOf = ({ body }: Awaited<ReturnType<typeof list>>): string[] =>
    body.consumers.map(({ uuid }: { uuid: string }) => uuid);

  test("lists leases that end before the time, the earliest first, page by page", async () => {
    await releaseAll();
    const later = await held(one(host), 500);
    const [first, second, third] = [
      await held(one(host), 100),
      await held(one(host), 200),
      await held(one(host), 300),
    ];
    await claim(api, randomUUID(), one(host));
    const until = timeIn(400);
    expect(uuidsOf(await list(until))).toEqual([first, second, third]);
    expect(uuidsOf(await list(timeIn(600)))).toEqual([first, second, third, later]);
    expect(uuidsOf(await list(timeIn(50)))).toEqual([]);
    const page = await list(until, "&limit=2");
    expect(uuidsOf(page)).toEqual([first, second]);
    const rest = await list(until, `&limit=2&marker=${encodeURIComponent(page.body.next_marker)}`);
    expect([uuidsOf(rest), rest.body.next_marker]).toEqual([[third], null]);
  });

  test("shows what the consumer itself shows", async () => {
    await releaseAll();
    const uuid = await held(one(host), 100);
    await renew(uuid, 250);
    const shown = (await show(uuid)).body;
    expect((await list(timeIn(1_000))).body.consumers).toEqual([
      {
        uuid,
        expires_at: shown.expires_at,
        lease_version: shown.lease_version,
        links: [{ rel: "self", href: `/consumers/${uuid}` }],
      },
    ]);
    expect(shown.lease_version).toBe(2);
    expect(shown.expires_at).toBe(timeIn(250));
  });

  test("no longer lists a lease that is confirmed, released or ended", async () => {
    await releaseAll();
    const [confirmed, gone, kept] = [
      await held(one(host), 100),
      await held(one(host), 100),
      await held(one(host), 100),
    ];
    expect((await confirm(confirmed)).status).toBe(204);
    expect((await claim(api, gone, {}, 1)).status).toBe(204);
    expect(uuidsOf(await list(timeIn(200)))).toEqual([kept]);
    expect([await listed(confirmed), await listed(gone)]).toEqual([[], []]);
    expect((await show(confirmed)).body.expires_at).toBeUndefined();
  });

  test.each([
    "expires_before=",
    "expires_before=soon",
    "expires_before=2026-01-01",
    "expires_before=2026-13-01T00:00:00Z",
    "expires_before=12",
    "expires_before=2026-01-01T00:00:00Z&idle_for=1",
    "expires_before=2026-01-01T00:00:00Z&project_id=p",
    "expires_before=2026-01-01T00:00:00Z&user_id=u",
    "expires_before=2026-01-01T00:00:00Z&limit=0",
    "expires_before=2026-01-01T00:00:00Z&marker=x",
  ])("%s is refused", async (query) => {
    expectRefusal(await api.request("GET", `/consumers?${query}`), { status: 400 });
  });
});

test("only those whom the rule names renew or confirm a lease", async () => {
  const uuid = await held(one(host), 100);
  const before = (await show(uuid)).body;
  const message = /placement:consumers:lease to be performed/;
  expectRefusal(await renew(uuid, 300, "admin"), { status: 403, message });
  expectRefusal(await confirm(uuid, "admin"), { status: 403, message });
  expect((await show(uuid)).body).toEqual(before);
  expect((await renew(uuid, 300)).status).toBe(200);
  expect((await confirm(uuid)).status).toBe(204);
});

describe("a host that is emptied", () => {
  const empty = (provider: string) =>
    api.request("DELETE", `/resource_providers/${provider}/allocations`);

  test("releases those with leases as it does others, and their leases end", async () => {
    const dead = await makeProvider(api, { VCPU: 10 });
    const [leased, other] = [await held(one(dead), 100), randomUUID()];
    await claim(api, other, one(dead));
    const { status, body } = await empty(dead);
    expect(status).toBe(200);
    const released = body.released.map(
      ({ consumer_uuid: uuid }: { consumer_uuid: string }) => uuid,
    );
    expect(released.toSorted()).toEqual([leased, other].toSorted());
    expect(await readUsages(api, dead)).toEqual({ VCPU: 0 });
    expect((await show(leased)).status).toBe(404);
    expect(await listed(leased)).toEqual([]);
  });

  test("leaves the lease of a consumer that also holds elsewhere", async () => {
    const [dead, other] = [
      await makeProvider(api, { VCPU: 10 }),
      await makeProvider(api, { VCPU: 10 }),
    ];
    const uuid = randomUUID();
    await hold(uuid, { ...one(dead), ...one(other) }, 100);
    const { expires_at: end, lease_version: version } = (await show(uuid)).body;
    expect((await empty(dead)).status).toBe(200);
    expect(await readClaim(api, uuid)).toEqual({ held: one(other), generation: 2 });
    expect((await show(uuid)).body).toMatchObject({ expires_at: end, lease_version: version });
    expect(await listed(uuid)).toEqual([Date.parse(end)]);
  });
});
