/** The bodies of PUT /allocations/{consumer_uuid}, at every version where their form changes. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { INCOMPLETE_ID } from "../../lib/api/configuration.ts";
import { allocationRequests, list } from "../support/allocation-requests.ts";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { makeProvider } from "../support/world.ts";

const api = useApi();
let provider: string;

beforeAll(async () => {
  provider = await makeProvider(api, { VCPU: 1_000, MEMORY_MB: 1_000_000 });
});

const OWNER = { project_id: "a project", user_id: "a user" };
const { put, show } = allocationRequests(() => api);

const map = (resources: object = { VCPU: 2 }) => ({ [provider]: { resources } });

describe("forms of PUT", () => {
  test("1.0: a list, without project and user", async () => {
    const consumer = randomUUID();
    const answer = await put(consumer, { allocations: list([provider, { VCPU: 2 }]) }, "1.0");
    expect([answer.status, answer.body]).toEqual([204, ""]);
    expect(await show(consumer)).toMatchObject({
      project_id: INCOMPLETE_ID,
      user_id: INCOMPLETE_ID,
      consumer_generation: 1,
      consumer_type: "unknown",
    });
    const body = { allocations: list([provider, { VCPU: 2 }]), ...OWNER };
    expectRefusal(await put(consumer, body, "1.7"), { status: 400, code: null });
  });

  test("1.8: project and user beside the list", async () => {
    const consumer = randomUUID();
    const allocations = list([provider, { VCPU: 2 }]);
    expectRefusal(await put(consumer, { allocations }, "1.8"), {
      status: 400,
      code: null,
      message: /'(project|user)_id' is a required property/,
    });
    expect((await put(consumer, { allocations, ...OWNER }, "1.8")).status).toBe(204);
    expect(await show(consumer)).toMatchObject(OWNER);
    expect((await put(consumer, { allocations, ...OWNER }, "1.11")).status).toBe(204);
    expectRefusal(await put(consumer, { allocations, ...OWNER }, "1.12"), {
      status: 400,
      code: null,
    });
  });

  test("1.12: by provider", async () => {
    const consumer = randomUUID();
    expect((await put(consumer, { allocations: map(), ...OWNER }, "1.12")).status).toBe(204);
    for (const allocations of [{}, [], list([provider, { VCPU: 2 }])]) {
      const answer = await put(consumer, { allocations, ...OWNER }, "1.27");
      expectRefusal(answer, { status: 400 });
    }
    expectRefusal(await put(consumer, { allocations: map(), ...OWNER }, "1.11"), {
      status: 400,
      code: null,
    });
  });

  test("1.28: with the consumer's generation, and empty to delete it", async () => {
    const consumer = randomUUID();
    const body = { allocations: map(), ...OWNER };
    expectRefusal(await put(consumer, body, "1.28"), {
      status: 400,
      message: /'consumer_generation' is a required property/,
    });
    const named = { ...body, consumer_generation: null };
    expectRefusal(await put(consumer, named, "1.27"), { status: 400, message: /unexpected/ });
    expect((await put(consumer, named, "1.28")).status).toBe(204);
    const empty = { allocations: {}, ...OWNER, consumer_generation: 1 };
    expect((await put(consumer, empty, "1.28")).status).toBe(204);
    expect(await show(consumer)).toEqual({ allocations: {} });
  });

  test("1.34: mappings are taken, checked and not kept", async () => {
    const body = { allocations: map(), ...OWNER, consumer_generation: null };
    const mapped = { ...body, mappings: { "": [provider], _NET1: [provider] } };
    expectRefusal(await put(randomUUID(), mapped, "1.33"), { status: 400 });
    expect((await put(randomUUID(), mapped, "1.34")).status).toBe(204);
    for (const mappings of [
      {},
      { a: [] },
      { a: ["x"] },
      { ö: [provider] },
      { ["a".repeat(65)]: [provider] },
    ]) {
      expectRefusal(await put(randomUUID(), { ...body, mappings }, "1.34"), { status: 400 });
    }
  });

  test("1.38: with the consumer's type", async () => {
    const consumer = randomUUID();
    const body = { allocations: map(), ...OWNER, consumer_generation: null };
    expectRefusal(await put(consumer, body, "1.38"), {
      status: 400,
      message: /'consumer_type' is a required property/,
    });
    const typed = { ...body, consumer_type: "VOLUME_1" };
    expectRefusal(await put(consumer, typed, "1.37"), { status: 400, message: /unexpected/ });
    expectRefusal(await put(consumer, { ...body, consumer_type: "volume" }, "1.38"), {
      status: 400,
      message: /'volume' does not match '\^\[A-Z0-9_\]\+\$'/,
    });
    expect((await put(consumer, typed, "1.38")).status).toBe(204);
    expect((await show(consumer)).consumer_type).toBe("VOLUME_1");
  });
});
