/** PUT, GET and DELETE of one consumer's allocations, at every version where their form changes. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { INCOMPLETE_ID } from "../../lib/api/configuration.ts";
import { allocationRequests, list } from "../support/allocation-requests.ts";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { claim, makeProvider, readProvider, readUsages } from "../support/world.ts";

const api = useApi();
let provider: string;

beforeAll(async () => {
  provider = await makeProvider(api, { VCPU: 1_000, MEMORY_MB: 1_000_000 });
});

const OWNER = { project_id: "a project", user_id: "a user" };
const { put, show } = allocationRequests(() => api);

const map = (resources: object = { VCPU: 2 }) => ({ [provider]: { resources } });

describe("writes of older versions", () => {
  test("keep the type below 1.38, and replace project and user below 1.8", async () => {
    const consumer = randomUUID();
    await claim(api, consumer, { [provider]: { VCPU: 1 } });
    const body = { allocations: map(), ...OWNER, consumer_generation: 1 };
    expect((await put(consumer, body, "1.37")).status).toBe(204);
    expect(await show(consumer)).toMatchObject({ ...OWNER, consumer_type: "INSTANCE" });
    const old = { allocations: list([provider, { VCPU: 3 }]) };
    expect((await put(consumer, old, "1.7")).status).toBe(204);
    expect(await show(consumer)).toMatchObject({
      project_id: INCOMPLETE_ID,
      user_id: INCOMPLETE_ID,
      consumer_type: "INSTANCE",
      consumer_generation: 3,
    });
  });

  test("of a provider that is listed twice the last entry wins whole", async () => {
    const consumer = randomUUID();
    const allocations = list([provider, { VCPU: 2, MEMORY_MB: 5 }], [provider, { VCPU: 7 }]);
    expect((await put(consumer, { allocations }, "1.0")).status).toBe(204);
    expect((await show(consumer)).allocations[provider].resources).toEqual({ VCPU: 7 });
  });

  test("a generation beside the resources is ignored", async () => {
    const consumer = randomUUID();
    const allocations = { [provider]: { resources: { VCPU: 1 }, generation: 123 } };
    expect((await put(consumer, { allocations, ...OWNER }, "1.12")).status).toBe(204);
  });
});

describe("GET", () => {
  test("has project and user from 1.12, the generation from 1.28, the type from 1.38", async () => {
    const consumer = randomUUID();
    await claim(api, consumer, { [provider]: { VCPU: 1, MEMORY_MB: 2 } });
    const { generation } = await readProvider(api, provider);
    const allocations = { [provider]: { resources: { VCPU: 1, MEMORY_MB: 2 }, generation } };
    const owner = { project_id: "project", user_id: "user" };
    expect(await show(consumer, "1.11")).toEqual({ allocations });
    expect(await show(consumer, "1.12")).toEqual({ allocations, ...owner });
    expect(await show(consumer, "1.27")).toEqual({ allocations, ...owner });
    const generations = { allocations, ...owner, consumer_generation: 1 };
    expect(await show(consumer, "1.28")).toEqual(generations);
    expect(await show(consumer, "1.37")).toEqual(generations);
    expect(await show(consumer, "1.38")).toEqual({ ...generations, consumer_type: "INSTANCE" });
  });

  test("of an unknown consumer, or of no uuid at all, is empty", async () => {
    for (const consumer of [randomUUID(), "not-a-uuid", "%00", "x".repeat(4_000)]) {
      for (const version of ["1.0", "1.12", "1.28", "1.38"]) {
        expect(await show(consumer, version)).toEqual({ allocations: {} });
      }
    }
  });
});

describe("uuids", () => {
  test("PUT, GET and DELETE put upper case and missing dashes right", async () => {
    const consumer = "abcdefab-0000-4000-8000-abcdefabcdef";
    const forms = [consumer.toUpperCase(), consumer.replaceAll("-", "")];
    for (const form of forms) {
      expect((await put(consumer, { allocations: map(), ...OWNER }, "1.12")).status).toBe(204);
      expect((await put(form, { allocations: map(), ...OWNER }, "1.12")).status).toBe(204);
      expect((await show(form)).consumer_generation).toBe(2);
      expect((await api.request("DELETE", `/allocations/${form}`)).status).toBe(204);
      expect(await show(consumer)).toEqual({ allocations: {} });
    }
  });

  test("PUT refuses what is none, before its body is looked at", async () => {
    for (const body of [{ allocations: map(), ...OWNER }, { nothing: "right" }]) {
      const answer = await put("nobody", body, "1.12");
      expectRefusal(answer, {
        status: 400,
        code: null,
        message: "Malformed consumer_uuid: nobody",
      });
    }
  });

  test("a provider's key has 36 characters of hex and dashes", async () => {
    for (const key of [provider.replaceAll("-", ""), `${provider}0`, provider.replace(/^./, "g")]) {
      const body = { allocations: { [key]: { resources: { VCPU: 1 } } }, ...OWNER };
      expectRefusal(await put(randomUUID(), body, "1.27"), {
        status: 400,
        message: /does not match any of the regexes: '\^\[0-9a-fA-F-\]\{36\}\$'/,
      });
    }
  });
});

describe("DELETE", () => {
  test("releases all and deletes the consumer, once", async () => {
    const consumer = randomUUID();
    const own = await makeProvider(api, { VCPU: 4 });
    await claim(api, consumer, { [own]: { VCPU: 3 } });
    const answer = await api.request("DELETE", `/allocations/${consumer}`);
    expect([answer.status, answer.body]).toEqual([204, ""]);
    expect(await readUsages(api, own)).toEqual({ VCPU: 0 });
    expectRefusal(await api.request("DELETE", `/allocations/${consumer}`), {
      status: 404,
      message: `No allocations for consumer '${consumer}'`,
    });
    expect((await claim(api, consumer, { [own]: { VCPU: 4 } })).status).toBe(204);
  });
});
