/** Calls over HTTP: how they are sent, typed and refused. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import {
  AnswerLost,
  type AnswerOf,
  type BodyOf,
  isRefusal,
  type PlacementClient,
  type Refusal,
  UnexpectedAnswer,
} from "../../lib/client/index.ts";
import { answering, clientOf, losing } from "../support/client.ts";
import { useApi } from "../support/frame.ts";
import { makeProvider } from "../support/world.ts";

const api = useApi();
let provider: string;

beforeAll(async () => {
  provider = await makeProvider(api, { VCPU: 8 });
});

const thrownBy = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);

describe("an answer", () => {
  test("has the type of its operation, version and status", async () => {
    const { client } = clientOf(api.url);
    const shown = await client.call("resource-providers/show", { parameters: { uuid: provider } });
    expectTypeOf(shown.status).toEqualTypeOf<200>();
    expectTypeOf(shown.body.parent_provider_uuid).toEqualTypeOf<string | null>();
    expect([shown.status, shown.body.uuid, shown.body.parent_provider_uuid]).toEqual([
      200,
      provider,
      null,
    ]);
    const first = await client.call("resource-providers/show", {
      version: "1.0",
      parameters: { uuid: provider },
    });
    expectTypeOf(first.body).not.toHaveProperty("parent_provider_uuid");
    expect(first.body).not.toHaveProperty("parent_provider_uuid");
    expect(shown.headers["openstack-api-version"]).toBe("placement 1.39");
  });

  test("of several statuses is a union over them", async () => {
    const { client } = clientOf(api.url);
    const parameters = { name: `CUSTOM_${randomUUID().replaceAll("-", "_").toUpperCase()}` };
    const put = () => client.call("traits/update", { parameters });
    expect([(await put()).status, (await put()).status]).toEqual([201, 204]);
    expectTypeOf<AnswerOf<"traits/update", "1.39">["status"]>().toEqualTypeOf<201 | 204>();
    expectTypeOf<AnswerOf<"resource-providers/create", "1.19">["status"]>().toEqualTypeOf<201>();
    expectTypeOf<AnswerOf<"resource-providers/create", "1.20">["status"]>().toEqualTypeOf<200>();
    expectTypeOf<AnswerOf<"traits/list", "1.5">>().toBeNever();
  });
});

test.each(["", ".", ".."])("a parameter of a path is no step in it: '%s'", async (uuid) => {
  const { client, sent } = clientOf(api.url);
  const call = client.call("provider-traits/list", { parameters: { uuid } });
  expect(await thrownBy(call)).toEqual(new TypeError(`the parameter uuid cannot be '${uuid}'`));
  expect(sent).toHaveLength(0);
});

describe("a body", () => {
  test("has the type of its version", () => {
    type Written = BodyOf<"allocations/replace", "1.27">;
    expectTypeOf<Written>().not.toHaveProperty("consumer_generation");
    expectTypeOf<BodyOf<"allocations/replace", "1.28">>().toHaveProperty("consumer_generation");
    expectTypeOf<BodyOf<"allocations/replace", "1.37">>().not.toHaveProperty("consumer_type");
    expectTypeOf<BodyOf<"allocations/replace", "1.39">>().toHaveProperty("consumer_type");
    expectTypeOf<BodyOf<"allocations/show", "1.39">>().toEqualTypeOf<undefined>();
    const { client } = clientOf(api.url);
    expectTypeOf(client).toExtend<PlacementClient>();
    // @ts-expect-error a body is missing
    const call: Parameters<typeof client.call<"reshaper/reshape">>[1] = {};
    // @ts-expect-error a parameter of the path is missing
    const read: Parameters<typeof client.call<"allocations/show">>[1] = {};
    expect([call, read]).toEqual([{}, {}]);
  });
});

describe("a request", () => {
  test("fills the path, and puts all other parameters into the query", async () => {
    const { client, sent } = clientOf(`${api.url}/`);
    const name = "a name / with % and & = ? in it";
    const made = await client.call("resource-providers/create", { body: { name } });
    const found = await client.call("resource-providers/list", { parameters: { name } });
    expect(found.body.resource_providers).toEqual([made.body]);
    const odd = { uuid: "a/b?c" };
    await thrownBy(client.call("resource-providers/show", { parameters: odd }));
    const aggregates = [randomUUID(), randomUUID()];
    await client.call("resource-providers/list", { parameters: { member_of: aggregates } });
    expect(sent.slice(2).map(({ url }) => url.slice(api.url.length))).toEqual([
      "/resource_providers/a%2Fb%3Fc",
      `/resource_providers?member_of=${aggregates[0]}&member_of=${aggregates[1]}`,
    ]);
    expect(sent[0]?.headers).toMatchObject({
      "content-type": "application/json",
      "openstack-api-version": "placement 1.39",
      "x-auth-token": "admin",
    });
  });

  test("takes suffixed groups of candidates, and gives what a claim takes", async () => {
    const { client } = clientOf(api.url);
    const { body } = await client.call("allocation-candidates/list", {
      parameters: {
        resources: "VCPU:1",
        resources_more: "VCPU:2",
        group_policy: "none",
        limit: "1",
      },
    });
    const [first] = body.allocation_requests;
    if (first === undefined) throw new Error("there is no candidate");
    const claimed = await client.call("allocations/replace", {
      parameters: { consumer_uuid: randomUUID() },
      body: {
        ...first,
        project_id: "project",
        user_id: "user",
        consumer_type: "INSTANCE",
        consumer_generation: null,
      },
    });
    expect(claimed.status).toBe(204);
  });

  test("goes below the base path of the URL, and follows no redirect", async () => {
    const redirect = () => new Response(null, { status: 302, headers: { location: api.url } });
    const { client, sent } = clientOf(
      "https://cloud.example/placement/",
      answering(9, redirect, () => true),
    );
    expect(await thrownBy(client.call("traits/list", {}))).toBeInstanceOf(UnexpectedAnswer);
    await thrownBy(client.call("root/show", {}));
    expect(sent.map(({ url }) => url)).toEqual([
      "https://cloud.example/placement/traits",
      "https://cloud.example/placement/",
    ]);
  });
});

describe("a refusal", () => {
  test("is thrown as one of a union that its code discriminates", async () => {
    const { client } = clientOf(api.url);
    const error = await thrownBy(
      client.call("aggregates/replace", {
        parameters: { uuid: provider },
        body: { aggregates: [], resource_provider_generation: 77 },
      }),
    );
    if (!isRefusal(error)) throw error;
    const said = (refusal: Refusal) => {
      if (refusal.code !== "placement.concurrent_update") return refusal.detail;
      expectTypeOf(refusal.status).toEqualTypeOf<409>();
      return refusal.status;
    };
    expect(said(error)).toBe(409);
    expect(error.requestId).toMatch(/^req-/);
    expect(isRefusal(error, "placement.duplicate_name")).toBe(false);
    expect(isRefusal(error, "placement.duplicate_name", "placement.concurrent_update")).toBe(true);
  });

  test.each([
    ["the service, without a code of its own", "1.39", 404],
    ["the service, at a version without codes", "1.22", 404],
  ] as const)("of %s is told with status and detail", async (_, version, status) => {
    const { client } = clientOf(api.url);
    const uuid = randomUUID();
    const call = client.call("resource-providers/show", { version, parameters: { uuid } });
    const error = await thrownBy(call);
    expect(error).toMatchObject({ status, code: "placement.undefined_code" });
    expect(String(error)).toContain(uuid);
  });

  test("of a gateway is told as far as it says something", async () => {
    const forbidden = () => Response.json({ message: "Forbidden" }, { status: 403 });
    const { client } = clientOf(
      api.url,
      answering(1, forbidden, () => true),
    );
    expect(await thrownBy(client.call("traits/list", {}))).toMatchObject({
      status: 403,
      code: "placement.undefined_code",
      detail: "Forbidden",
    });
  });

  test("of missing credentials is told", async () => {
    const none = { credentials: { headers: async () => ({}) } };
    const { client } = clientOf(api.url, undefined, none);
    expect(await thrownBy(client.call("traits/list", {}))).toMatchObject({ status: 401 });
  });
});

describe("a lost answer", () => {
  const create = (client: PlacementClient<"1.39">, more: { idempotencyKey?: string }) =>
    client.call("resource-providers/create", { body: { name: randomUUID() }, ...more });

  test("of a read is asked for again", async () => {
    const { client, sent } = clientOf(
      api.url,
      losing(3, () => true),
    );
    expect((await client.call("traits/list", {})).status).toBe(200);
    expect(sent).toHaveLength(4);
  });

  test("of a write without a key is not, since it may have been carried out", async () => {
    const { client, sent } = clientOf(api.url, losing(1));
    expect(await thrownBy(create(client, {}))).toBeInstanceOf(AnswerLost);
    expect(sent).toHaveLength(1);
  });

  test("of a write with a key is, as often as the client may", async () => {
    const { client, sent } = clientOf(api.url, losing(1));
    const made = await create(client, { idempotencyKey: randomUUID() });
    expect(made.headers["idempotent-replayed"]).toBe("true");
    expect(sent).toHaveLength(2);
    const never = clientOf(api.url, losing(9), { maxTries: 2 });
    const error = await thrownBy(create(never.client, { idempotencyKey: "the-key" }));
    expect(error).toMatchObject({ name: "AnswerLost", idempotencyKey: "the-key" });
    expect(never.sent).toHaveLength(2);
  });

  test("is one that is cut off, too", async () => {
    const cut = () =>
      new Response('{"traits": [', { headers: { "content-type": "application/json" } });
    const { client, sent } = clientOf(
      api.url,
      answering(1, cut, () => true),
    );
    expect((await client.call("traits/list", {})).status).toBe(200);
    expect(sent).toHaveLength(2);
  });

  test("is one that takes too long", async () => {
    const { client, clock, sent } = clientOf(api.url, async (request, send) => {
      if (sent.length > 1) return send();
      const waiting = new Promise<Response>((_, reject) => {
        request.signal?.addEventListener("abort", () => reject(new Error("aborted")));
      });
      clock.ring();
      return waiting;
    });
    expect((await client.call("traits/list", {})).status).toBe(200);
    expect([sent.length, clock.timers]).toEqual([2, 0]);
  });
});

describe("a bound", () => {
  test("of an answer's size is one of what is read", async () => {
    const small = clientOf(api.url, undefined, { maxAnswerBytes: 1_000 });
    expect(await thrownBy(small.client.call("traits/list", {}))).toBeInstanceOf(UnexpectedAnswer);
    expect(small.sent).toHaveLength(1);
    expect((await small.client.call("root/show", {})).status).toBe(200);
  });

  test.each([429, 503])("of retries ends with the refusal %i", async (status) => {
    const errors = [{ status, title: "Busy", detail: "busy", code: "placement.undefined_code" }];
    const busy = () => Response.json({ errors }, { status, headers: { "retry-after": "7" } });
    const { client, sent, clock } = clientOf(
      api.url,
      answering(99, busy, () => true),
    );
    const error = await thrownBy(client.call("traits/list", {}));
    expect(error).toMatchObject({ name: "PlacementRefusal", status, retryAfter: 7 });
    expect(sent).toHaveLength(4);
    expect(clock.slept).toBeGreaterThanOrEqual(21_000);
  });

  test("ends at once where the service says that waiting does not help", async () => {
    const errors = [{ status: 503, detail: "The stored records contradict each other" }];
    const damaged = () => Response.json({ errors }, { status: 503 });
    const { client, sent } = clientOf(
      api.url,
      answering(99, damaged, () => true),
    );
    expect(await thrownBy(client.call("traits/list", {}))).toMatchObject({ status: 503 });
    expect(sent).toHaveLength(1);
  });
});
