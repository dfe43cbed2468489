/** The headers of leases: what is refused, who takes them, keys of idempotency, direct calls. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { replaceAllocations } from "../../functions/allocations/replace.ts";
import { operations } from "../../functions/index.ts";
import { DEFAULT_CONFIGURATION } from "../../lib/api/configuration.ts";
import { isRead } from "../../lib/api/operation.ts";
import { authToken, overHttp, PlacementClient } from "../../lib/client/index.ts";
import { byInvocation } from "../../lib/client/lambda.ts";
import { callDirectly, lambdaOf } from "../support/direct.ts";
import { expectRefusal } from "../support/expect-refusal.ts";
import { fastClock } from "../support/fast-clock.ts";
import { useApi } from "../support/frame.ts";
import { isReplayed, keyed } from "../support/keyed.ts";
import { leaseRequests, otherLife } from "../support/leases.ts";
import { claim, claimBody, makeProvider, OWNER, readClaim } from "../support/world.ts";

const MOST = DEFAULT_CONFIGURATION.maxLease;
const clock = fastClock();
const api = useApi({ clock, configuration: { corsOrigins: ["https://a.example"] } });
const { hold, held, show, confirm } = leaseRequests(() => api);
const timeIn = (seconds: number) => new Date(clock.now() + seconds * 1_000).toISOString();
const badLease = {
  status: 400,
  code: "placement.undefined_code",
  message: `A lease is a whole number of seconds from 1 to ${MOST}.`,
};
let host: string;

beforeAll(async () => {
  host = await makeProvider(api, { VCPU: 1_000 });
});
const one = () => ({ [host]: { VCPU: 1 } });

describe("Placement-Lease", () => {
  test.each(["", "0", "-1", "1.5", "1e2", "0x10", " ", "soon", `${MOST + 1}`, "9".repeat(40)])(
    "of %j is refused, and nothing is written",
    async (value) => {
      const uuid = randomUUID();
      const headers = { "placement-lease": value };
      expectRefusal(await claim(api, uuid, one(), null, { headers }), badLease);
      const made = await api.request("POST", "/consumers", { body: { uuid, ...OWNER }, headers });
      expectRefusal(made, badLease);
      expect((await show(uuid)).status).toBe(404);
    },
  );

  test("may be the longest that there is", async () => {
    expect((await hold(randomUUID(), one(), MOST)).headers["placement-lease-expires-at"]).toBe(
      timeIn(MOST),
    );
  });

  test("that is repeated is refused, whether both say the same or not", async () => {
    const uuid = randomUUID();
    for (const value of ["300, 300", "300,60"]) {
      const headers = { "placement-lease": value };
      expectRefusal(await claim(api, uuid, one(), null, { headers }), badLease);
    }
    expect((await show(uuid)).status).toBe(404);
  });

  test("in a body that renews has the same bounds", async () => {
    const uuid = await held(one(), 60);
    const renew = (seconds: unknown) =>
      api.request("PUT", `/consumers/${uuid}/lease`, { body: { seconds } });
    expectRefusal(await renew(MOST + 1), badLease);
    for (const seconds of [0, -1, 1.5, "60", null]) {
      expect((await renew(seconds)).status).toBe(400);
    }
    expect((await show(uuid)).body.lease_version).toBe(1);
  });
});

describe("Placement-Consumer-Life", () => {
  test.each(["", "a b", "a".repeat(129)])("of %j is refused", async (value) => {
    const uuid = await held(one(), 60);
    expectRefusal(await confirm(uuid, { "placement-consumer-life": value }), {
      status: 400,
      message: "Placement-Consumer-Life has 1 to 128 visible ASCII characters.",
    });
    expect((await show(uuid)).body.lease_version).toBe(1);
  });

  test("keeps a holder that slept from touching its successor", async () => {
    const uuid = await held(one(), 60);
    const { life } = (await show(uuid)).body;
    const ofLife = { headers: { "placement-consumer-life": life } };
    const release = (options: object) => api.request("DELETE", `/allocations/${uuid}`, options);
    expect((await release(ofLife)).status).toBe(204);
    expect((await hold(uuid, one(), 60)).status).toBe(204);
    // The generation is the same again, 1.
    expectRefusal(await claim(api, uuid, { [host]: { VCPU: 2 } }, 1, ofLife), otherLife(uuid));
    expectRefusal(await release(ofLife), otherLife(uuid));
    const idle = await api.request("DELETE", `/consumers/${uuid}?generation=1`, ofLife);
    expectRefusal(idle, otherLife(uuid));
    const body = { ...OWNER, consumer_generation: 1 };
    expectRefusal(
      await api.request("PUT", `/consumers/${uuid}`, { body, ...ofLife }),
      otherLife(uuid),
    );
    const raise = { body: { consumer_generation: 1 }, ...ofLife };
    expectRefusal(
      await api.request("POST", `/consumers/${uuid}/generation`, raise),
      otherLife(uuid),
    );
    expect(await readClaim(api, uuid)).toMatchObject({ generation: 1, held: one() });
    // A claim of a consumer that is gone begins no other life.
    expect((await release({})).status).toBe(204);
    expectRefusal(await claim(api, uuid, one(), null, ofLife), otherLife(uuid));
    expect((await show(uuid)).status).toBe(404);
  });
});

describe("an operation that takes no such header", () => {
  const writes = operations.filter((each) => each.route !== "$default" && !isRead(each));

  test("is a write that declares none", () => {
    const taking = writes.filter(({ takes }) => takes?.includes("lease")).map(({ id }) => id);
    expect(taking.sort()).toEqual([
      "allocations/manage",
      "allocations/replace",
      "claims/create",
      "consumers/create",
    ]);
  });

  test("refuses it, since the client believes to be protected by it", async () => {
    const headers = { "placement-lease": "60" };
    const body = { name: randomUUID() };
    expectRefusal(await api.request("POST", "/resource_providers", { body, headers }), {
      status: 400,
      message: "This operation takes no Placement-Lease.",
    });
    const life = { "placement-consumer-life": "life" };
    const claims = { [randomUUID()]: claimBody(one(), null) };
    const many = await api.request("POST", "/allocations", { body: claims, headers: life });
    expectRefusal(many, {
      status: 400,
      message: "This operation takes no Placement-Consumer-Life.",
    });
  });

  test("ignores it if it only reads", async () => {
    const headers = { "placement-lease": "never", "placement-consumer-life": "a b" };
    expect((await api.request("GET", "/consumers?idle_for=1", { headers })).status).toBe(200);
  });
});

test("a browser of an allowed origin may send the headers, and reads the answer's", async () => {
  const origin = "https://a.example";
  const asked = "placement-lease,placement-consumer-life";
  const { headers } = await api.request("OPTIONS", "/consumers", {
    token: null,
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": asked,
    },
  });
  expect(headers["access-control-allow-headers"]).toBe(asked);
  const leased = { origin, "placement-lease": "60" };
  const answer = await api.request("POST", "/consumers", { body: OWNER, headers: leased });
  expect(answer.headers["access-control-expose-headers"]).toContain("Placement-Lease-Expires-At");
});

describe("under an Idempotency-Key", () => {
  test("a repeat gets the first answer, and begins no longer lease", async () => {
    const uuid = randomUUID();
    const headers = { "placement-lease": "60", ...keyed(randomUUID()) };
    const first = await claim(api, uuid, one(), null, { headers });
    const end = timeIn(60);
    clock.pass(30_000);
    const again = await claim(api, uuid, one(), null, { headers });
    expect([isReplayed(first), isReplayed(again)]).toEqual([false, true]);
    for (const { headers: told } of [first, again]) {
      expect(told["placement-lease-expires-at"]).toBe(end);
    }
    expect((await show(uuid)).body).toMatchObject({ expires_at: end, lease_version: 1 });
  });

  test.each([
    ["lease", { "placement-lease": "60" }, { "placement-lease": "61" }],
    ["lease that is left out", { "placement-lease": "60" }, {}],
  ])("another %s is another request", async (_, first, second) => {
    const [uuid, key] = [randomUUID(), keyed(randomUUID())];
    const given = { headers: { ...first, ...key } };
    expect((await claim(api, uuid, one(), null, given)).status).toBe(204);
    const other = await claim(api, uuid, one(), null, { headers: { ...second, ...key } });
    expect(other.body.errors[0].code).toBe("placement.idempotency_key.reused");
  });

  test("another life is another request", async () => {
    const [uuid, key] = [await held(one(), 60), keyed(randomUUID())];
    const { life } = (await show(uuid)).body;
    const ofLife = { "placement-consumer-life": life };
    expect((await confirm(uuid, { ...ofLife, ...key })).status).toBe(204);
    expect(isReplayed(await confirm(uuid, { ...ofLife, ...key }))).toBe(true);
    const other = await confirm(uuid, key);
    expect(other.body.errors[0].code).toBe("placement.idempotency_key.reused");
  });
});

describe("by direct invocation", () => {
  const put = (uuid: string, more: object, generation: number | null = null) =>
    callDirectly(api, replaceAllocations, {
      version: "1.39",
      parameters: { consumer_uuid: uuid },
      body: claimBody(one(), generation),
      ...more,
    });

  test("lease and life are as the headers are", async () => {
    const uuid = randomUUID();
    const answer = await put(uuid, { lease: 60 });
    expect([answer.status, answer.headers["placement-lease-expires-at"]]).toEqual([
      204,
      timeIn(60),
    ]);
    const other = await put(uuid, { life: randomUUID() }, 1);
    expect(other.status).toBe(409);
    const { life } = (await show(uuid)).body;
    expect((await put(uuid, { life }, 1)).status).toBe(204);
  });

  test.each([0, -1, 1.5, "60", MOST + 1])("a lease of %j is refused", async (lease) => {
    const uuid = randomUUID();
    expect((await put(uuid, { lease })).status).toBe(400);
    expect((await show(uuid)).status).toBe(404);
  });
});

describe("with the client", () => {
  test.each([
    ["over HTTP", () => overHttp({ url: api.url, credentials: authToken("admin") })],
    [
      "by direct invocation",
      () =>
        byInvocation({ lambda: lambdaOf(api, "placement", operations), functions: "placement" }),
    ],
  ])("%s, leases begin, are renewed and confirmed", async (_, transport) => {
    const client = new PlacementClient({ transport: transport(), version: "1.39" });
    const uuid = randomUUID();
    const parameters = { consumer_uuid: uuid };
    const begun = await client.call("consumers/create", { body: { uuid, ...OWNER }, lease: 60 });
    expect(begun.headers["placement-lease-expires-at"]).toBe(timeIn(60));
    const { life, lease_version } = begun.body;
    const body = { seconds: 120, life, ...(lease_version !== undefined && { lease_version }) };
    const renewed = await client.call("consumers/renew-lease", { parameters, body });
    expect(renewed.body).toMatchObject({ expires_at: timeIn(120), lease_version: 2 });
    await expect(
      client.call("consumers/confirm-lease", { parameters, life: randomUUID() }),
    ).rejects.toMatchObject({ code: "placement.concurrent_update" });
    expect((await client.call("consumers/confirm-lease", { parameters, life })).status).toBe(204);
  });
});
