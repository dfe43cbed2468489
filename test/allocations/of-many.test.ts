/** POST /allocations: several consumers at once, all or none. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import {
  claim,
  claimBody,
  makeProvider,
  readClaim,
  readProvider,
  readUsages,
} from "../support/world.ts";

const api = useApi();

const post = (body: object, version = "1.39") =>
  api.request("POST", "/allocations", { body, version });

describe("forms", () => {
  const owner = { project_id: "project", user_id: "user" };
  const held = (provider: string) => ({ allocations: { [provider]: { resources: { VCPU: 1 } } } });

  test("is there from 1.13; below, the path has no POST to offer", async () => {
    const provider = await makeProvider(api, { VCPU: 10 });
    const body = { [randomUUID()]: { ...held(provider), ...owner } };
    expectRefusal(await post(body, "1.12"), { status: 404, code: null, message: "" });
    const answer = await post(body, "1.13");
    expect([answer.status, answer.body]).toEqual([204, ""]);
  });

  test("each version asks for its own properties of every consumer", async () => {
    const provider = await makeProvider(api, { VCPU: 100 });
    const forms = {
      "1.13": { ...held(provider), ...owner },
      "1.28": { ...held(provider), ...owner, consumer_generation: null },
      "1.34": {
        ...held(provider),
        ...owner,
        consumer_generation: null,
        mappings: { "": [provider] },
      },
      "1.38": { ...held(provider), ...owner, consumer_generation: null, consumer_type: "TEST" },
    };
    const takes: Record<string, readonly string[]> = {
      "1.13": ["1.13"],
      "1.27": ["1.13"],
      "1.28": ["1.28"],
      "1.33": ["1.28"],
      "1.34": ["1.28", "1.34"],
      "1.37": ["1.28", "1.34"],
      "1.38": ["1.38"],
      "1.39": ["1.38"],
    };
    for (const [version, accepted] of Object.entries(takes)) {
      for (const [form, one] of Object.entries(forms)) {
        const { status } = await post({ [randomUUID()]: one }, version);
        expect([version, form, status]).toEqual([
          version,
          form,
          accepted.includes(form) ? 204 : 400,
        ]);
      }
    }
  });

  test("at least one consumer, each by a key of 36 characters", async () => {
    const provider = await makeProvider(api, { VCPU: 10 });
    const one = claimBody({ [provider]: { VCPU: 1 } }, null);
    expectRefusal(await post({}), { status: 400, message: /Failed validating 'minProperties'/ });
    for (const key of [randomUUID().replaceAll("-", ""), "consumer", `${randomUUID()} `]) {
      expectRefusal(await post({ [key]: one }), {
        status: 400,
        message: new RegExp(`'${key}' does not match any of the regexes`),
      });
    }
  });
});

describe("all or none", () => {
  test("moves what one consumer holds to another, in one step", async () => {
    const [from, to] = [await makeProvider(api, { VCPU: 4 }), await makeProvider(api, { VCPU: 4 })];
    const [server, migration] = [randomUUID(), randomUUID()];
    await claim(api, server, { [from]: { VCPU: 4 } });
    const answer = await post({
      [migration]: claimBody({ [from]: { VCPU: 4 } }, null),
      [server]: claimBody({ [to]: { VCPU: 4 } }, 1),
    });
    expect(answer.status).toBe(204);
    expect(await readClaim(api, server)).toEqual({ held: { [to]: { VCPU: 4 } }, generation: 2 });
    expect(await readClaim(api, migration)).toEqual({
      held: { [from]: { VCPU: 4 } },
      generation: 1,
    });
    expect([await readUsages(api, from), await readUsages(api, to)]).toEqual([
      { VCPU: 4 },
      { VCPU: 4 },
    ]);
  });

  test("one claim that does not fit undoes all", async () => {
    const provider = await makeProvider(api, { VCPU: 10 });
    const before = await api.items();
    const consumers = Array.from({ length: 4 }, () => [
      randomUUID(),
      claimBody({ [provider]: { VCPU: 3 } }, null),
    ]);
    expectRefusal(await post(Object.fromEntries(consumers)), {
      status: 409,
      message: /would exceed the capacity/,
    });
    expect(await api.items()).toEqual(before);
  });

  test("several claims of one class are checked one by one and summed", async () => {
    const provider = await makeProvider(api, { VCPU: { total: 10, min_unit: 2, max_unit: 4 } });
    const both = (a: number, b: number) => ({
      [randomUUID()]: claimBody({ [provider]: { VCPU: a } }, null),
      [randomUUID()]: claimBody({ [provider]: { VCPU: b } }, null),
    });
    expectRefusal(await post(both(1, 3)), {
      status: 409,
      message: /violate inventory constraints/,
    });
    expectRefusal(await post(both(4, 5)), {
      status: 409,
      message: /violate inventory constraints/,
    });
    expect((await post(both(4, 4))).status).toBe(204);
    expectRefusal(await post(both(2, 2)), { status: 409, message: /would exceed the capacity/ });
    expect(await readUsages(api, provider)).toEqual({ VCPU: 8 });
  });

  test("the provider's generation rises once for all of them", async () => {
    const provider = await makeProvider(api, { VCPU: 10 });
    const two = [randomUUID(), randomUUID()].map((uuid) => [
      uuid,
      claimBody({ [provider]: { VCPU: 1 } }, null),
    ]);
    expect((await post(Object.fromEntries(two))).status).toBe(204);
    expect((await readProvider(api, provider)).generation).toBe(2);
  });
});

describe("refusals", () => {
  test("an unknown class is said without the consumer", async () => {
    const provider = await makeProvider(api, { VCPU: 10 });
    const body = { [randomUUID()]: claimBody({ [provider]: { CUSTOM_NONE: 1 } }, null) };
    expectRefusal(await post(body), {
      status: 400,
      message: "Unable to allocate inventory No such resource class CUSTOM_NONE.",
    });
  });

  test("an unknown provider is 400", async () => {
    const nobody = randomUUID();
    const body = { [randomUUID()]: claimBody({ [nobody]: { VCPU: 1 } }, null) };
    expectRefusal(await post(body), {
      status: 400,
      message: `Allocation for resource provider '${nobody}' that does not exist.`,
    });
  });

  test("a conflict of any consumer comes first, and nothing is written", async () => {
    const provider = await makeProvider(api, { VCPU: 10 });
    const known = randomUUID();
    await claim(api, known, { [provider]: { VCPU: 1 } });
    const before = await api.items();
    for (const [generation, got] of [
      [null, "None"],
      [3, "3"],
    ] as const) {
      const body = {
        [randomUUID()]: claimBody({ [randomUUID()]: { CUSTOM_NONE: 1 } }, null),
        [known]: claimBody({ [provider]: { VCPU: 99 } }, generation),
      };
      expectRefusal(await post(body), {
        status: 409,
        code: "placement.concurrent_update",
        message: `consumer generation conflict - expected 1 but got ${got}`,
      });
    }
    expect(await api.items()).toEqual(before);
  });
});

describe("empty allocations", () => {
  test("delete a consumer and raise its providers' generations", async () => {
    const provider = await makeProvider(api, { VCPU: 10 });
    const consumer = randomUUID();
    await claim(api, consumer, { [provider]: { VCPU: 1 } });
    expect((await post({ [consumer]: claimBody({}, 1) })).status).toBe(204);
    expect(await readClaim(api, consumer)).toBeUndefined();
    expect((await readProvider(api, provider)).generation).toBe(3);
  });

  test("of an unknown consumer make nothing, alone and beside others", async () => {
    const provider = await makeProvider(api, { VCPU: 10 });
    const before = await api.items();
    expect((await post({ [randomUUID()]: claimBody({}, null) })).status).toBe(204);
    expect(await api.items()).toEqual(before);
    const [absent, other] = [randomUUID(), randomUUID()];
    const held = claimBody({ [provider]: { VCPU: 1 } }, null);
    expect((await post({ [absent]: claimBody({}, null), [other]: held })).status).toBe(204);
    expect((await claim(api, absent, { [provider]: { VCPU: 1 } })).status).toBe(204);
  });

  test("of an unknown consumer with a generation are a conflict", async () => {
    expectRefusal(await post({ [randomUUID()]: claimBody({}, 2) }), {
      status: 409,
      code: "placement.concurrent_update",
      message: "consumer generation conflict - expected null but got 2",
    });
  });
});
