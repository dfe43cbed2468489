/** Requests that change more than one transaction holds behave as small ones do. */
import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { type Api, startApi } from "../support/api.ts";
import type { HttpAnswer } from "../support/http-client.ts";
import { expectWhole, sweep } from "../support/large-world.ts";
import {
  claimBody,
  detailOf,
  makeProvider,
  readProvider,
  readUsages,
  release,
  statuses,
} from "../support/world.ts";

const TIMEOUT = 300_000;
const LIMIT = 1_000;
let api: Api;

beforeAll(async () => {
  api = await startApi({ configuration: { maxChangeItems: LIMIT } });
});
afterEach(async () => {
  // On a busy machine the end of a change may be left to a sweep.
  await sweep(api);
  await expectWhole(api);
});
afterAll(() => api.close());

const uuids = (count: number) => Array.from({ length: count }, () => randomUUID());

type Claims = Record<string, ReturnType<typeof claimBody>>;

/** Nothing but the answer; what differs between two requests for good reason is blanked. */
const wordsOf = (answer: HttpAnswer) => ({
  status: answer.status,
  detail: detailOf(answer).replace(/[0-9a-f-]{36}/g, "UUID"),
  code: answer.body.errors[0].code,
});

/** 20 and 200 consumers: in one transaction, and beyond. */
const SIZES = [20, 200];

describe("POST /allocations is refused whole", () => {
  /** Each makes one of many claims wrong. */
  const FLAWS: Readonly<Record<string, (claims: Claims, victim: string) => void>> = {
    "a consumer's generation": (claims, victim) => {
      Object.assign(claims[victim] ?? {}, { consumer_generation: 7 });
    },
    "an unknown provider": (claims, victim) => {
      claims[victim] = claimBody({ [randomUUID()]: { VCPU: 1 } }, null);
    },
    "an unknown class": (claims, victim) => {
      const [provider = ""] = Object.keys(claims[victim]?.allocations ?? {});
      claims[victim] = claimBody({ [provider]: { CUSTOM_NOWHERE: 1 } }, null);
    },
    "a class without inventory": (claims, victim) => {
      const [provider = ""] = Object.keys(claims[victim]?.allocations ?? {});
      claims[victim] = claimBody({ [provider]: { DISK_GB: 1 } }, null);
    },
    "a step size": (claims, victim) => {
      const [provider = ""] = Object.keys(claims[victim]?.allocations ?? {});
      claims[victim] = claimBody({ [provider]: { MEMORY_MB: 3 } }, null);
    },
    "a lack of capacity": (claims, victim) => {
      const [provider = ""] = Object.keys(claims[victim]?.allocations ?? {});
      claims[victim] = claimBody({ [provider]: { VCPU: 301 } }, null);
    },
  };

  test.each(Object.entries(FLAWS))(
    "for %s, in the words of a small one",
    async (_, spoil) => {
      const told = [];
      for (const size of SIZES) {
        const provider = await makeProvider(api, {
          VCPU: 300,
          MEMORY_MB: { total: 1_000, step_size: 2 },
        });
        const consumers = uuids(size);
        const claims: Claims = Object.fromEntries(
          consumers.map((consumer) => [consumer, claimBody({ [provider]: { VCPU: 1 } }, null)]),
        );
        spoil(claims, consumers[size >> 1] ?? "");
        const before = await api.items();
        const answer = await api.request("POST", "/allocations", { body: claims });
        expect(await api.items()).toEqual(before);
        told.push(wordsOf(answer));
      }
      expect(told[0]?.status).toBeGreaterThanOrEqual(400);
      expect(told[1]).toEqual(told[0]);
    },
    TIMEOUT,
  );
});

test(
  "POST /allocations moves, empties and makes many consumers at once",
  async () => {
    const [here, there] = [
      await makeProvider(api, { VCPU: 100 }),
      await makeProvider(api, { VCPU: 100 }),
    ];
    const [moving, ending, coming] = [uuids(30), uuids(30), uuids(30)];
    const post = (claims: [string, ReturnType<typeof claimBody>][]) =>
      api.request("POST", "/allocations", { body: Object.fromEntries(claims) });
    const on = (provider: string, generation: number | null) =>
      claimBody({ [provider]: { VCPU: 1 } }, generation);
    const made = await post([...moving, ...ending].map((each) => [each, on(here, null)]));
    expect(made.status).toBe(204);
    const changed = await post([
      ...moving.map((each): [string, ReturnType<typeof claimBody>] => [each, on(there, 1)]),
      ...ending.map((each): [string, ReturnType<typeof claimBody>] => [each, claimBody({}, 1)]),
      ...coming.map((each): [string, ReturnType<typeof claimBody>] => [each, on(there, null)]),
    ]);
    expect(changed.status, JSON.stringify(changed.body)).toBe(204);
    expect(await readUsages(api, here)).toEqual({ VCPU: 0 });
    expect(await readUsages(api, there)).toEqual({ VCPU: 60 });
    const gone = await api.request("GET", `/allocations/${ending[0]}`);
    expect(gone.body).toEqual({ allocations: {} });
  },
  TIMEOUT,
);

describe("the reshaper is refused whole", () => {
  /** All consumers from one provider to another; each flaw makes one thing wrong. */
  async function reshapeOf(size: number) {
    const [from, to] = [await makeProvider(api, { VCPU: 300 }), await makeProvider(api)];
    const consumers = uuids(size);
    const claims = consumers.map((each) => [each, claimBody({ [from]: { VCPU: 1 } }, null)]);
    const made = await api.request("POST", "/allocations", { body: Object.fromEntries(claims) });
    expect(made.status).toBe(204);
    const generation = async (uuid: string) => (await readProvider(api, uuid)).generation;
    const inventories: Record<
      string,
      { resource_provider_generation: number; inventories: Record<string, { total: number }> }
    > = {
      [from]: { resource_provider_generation: await generation(from), inventories: {} },
      [to]: {
        resource_provider_generation: await generation(to),
        inventories: { VCPU: { total: size } },
      },
    };
    const allocations: Claims = Object.fromEntries(
      consumers.map((each) => [each, claimBody({ [to]: { VCPU: 1 } }, 1)]),
    );
    return { from, to, consumers, body: { inventories, allocations } };
  }
  type Reshape = Awaited<ReturnType<typeof reshapeOf>>;

  const FLAWS: Readonly<Record<string, (given: Reshape) => void>> = {
    "a provider's generation": ({ body, to }) => {
      Object.assign(body.inventories[to] ?? {}, { resource_provider_generation: 99 });
    },
    "a consumer's generation": ({ body, consumers }) => {
      Object.assign(body.allocations[consumers.at(-1) ?? ""] ?? {}, { consumer_generation: 7 });
    },
    "too little room": ({ body, to, consumers }) => {
      const inventory = body.inventories[to]?.inventories["VCPU"];
      Object.assign(inventory ?? {}, { total: consumers.length - 1 });
    },
    "a consumer that is left behind": ({ body, consumers }) => {
      delete body.allocations[consumers[3] ?? ""];
    },
    "an unknown provider": ({ body }) => {
      body.inventories[randomUUID()] = { resource_provider_generation: 0, inventories: {} };
    },
  };

  test.each(Object.entries(FLAWS))(
    "for %s, in the words of a small one",
    async (_, spoil) => {
      const told = [];
      for (const size of SIZES) {
        const given = await reshapeOf(size);
        spoil(given);
        const before = await api.items();
        const { body } = given;
        const answer = await api.request("POST", "/reshaper", { body, roles: "service" });
        expect(await api.items()).toEqual(before);
        told.push(wordsOf(answer));
      }
      expect(told[0]?.status).toBeGreaterThanOrEqual(400);
      expect(told[1]).toEqual(told[0]);
    },
    TIMEOUT,
  );
});

test(
  "more than the limit is refused whole with 413, by every request that can be large",
  async () => {
    const small = await startApi({
      tableName: api.tableName,
      configuration: { maxChangeItems: 100 },
    });
    const [from, to] = [await makeProvider(api, { VCPU: 300 }), await makeProvider(api)];
    const consumers = uuids(50);
    const claims = (provider: string, generation: number | null) =>
      Object.fromEntries(
        consumers.map((each) => [each, claimBody({ [provider]: { VCPU: 1 } }, generation)]),
      );
    const made = await api.request("POST", "/allocations", { body: claims(from, null) });
    expect(made.status).toBe(204);
    for (let count = 0; count < 60; count += 1) await makeProvider(api, {}, { parent: to });
    const before = await api.items();
    const generation = async (uuid: string) => (await readProvider(api, uuid)).generation;
    const inventories = {
      [from]: { resource_provider_generation: await generation(from), inventories: {} },
      [to]: {
        resource_provider_generation: await generation(to),
        inventories: { VCPU: { total: 50 } },
      },
    };
    const body = { inventories, allocations: claims(to, 1) };
    const answers = [
      await small.request("POST", "/reshaper", { body, roles: "service" }),
      await small.request("POST", "/allocations", { body: claims(from, 1) }),
      await small.request("PUT", `/resource_providers/${to}`, {
        body: { name: `provider-${to}`, parent_provider_uuid: from },
      }),
    ];
    expect(statuses(answers)).toEqual({ 413: 3 });
    for (const answer of answers) {
      expect(detailOf(answer)).toMatch(/changes \d+ items; at most 100 can change at once/);
      expect(detailOf(answer)).toContain("Nothing was written.");
    }
    expect(await api.items()).toEqual(before);
    await small.close();
  },
  TIMEOUT,
);

describe("a tree of 120 providers", () => {
  let top: string;
  let members: string[];

  beforeAll(async () => {
    top = await makeProvider(api);
    const middle = await makeProvider(api, { VCPU: 4 }, { parent: top });
    members = [top, middle];
    for (let count = 2; count < 120; count += 1) {
      members.push(await makeProvider(api, {}, { parent: count % 2 === 0 ? top : middle }));
    }
  }, TIMEOUT);

  const move = (parent: string | null, version = "1.39") =>
    api.request("PUT", `/resource_providers/${top}`, {
      version,
      body: { name: `provider-${top}`, parent_provider_uuid: parent },
    });
  const rootsBelow = async (uuid: string) => {
    const { body } = await api.request("GET", `/resource_providers?in_tree=${uuid}`);
    const found = body.resource_providers as { uuid: string; root_provider_uuid: string }[];
    const ours = found.filter((each) => members.includes(each.uuid));
    expect(ours).toHaveLength(members.length);
    return [...new Set(ours.map((each) => each.root_provider_uuid))];
  };

  test(
    "goes under another provider, to a third, and back to the top",
    async () => {
      const [first, second] = [await makeProvider(api), await makeProvider(api)];
      const below = await makeProvider(api, {}, { parent: second });
      expect((await move(first)).status).toBe(200);
      expect(await rootsBelow(top)).toEqual([first]);
      expect((await move(below)).status).toBe(200);
      expect(await rootsBelow(top)).toEqual([second]);
      const early = await move(null, "1.36");
      expect(early.status).toBe(400);
      expect(await rootsBelow(top)).toEqual([second]);
      expect((await move(null)).status).toBe(200);
      expect(await rootsBelow(top)).toEqual([top]);
      const gone = await api.request("DELETE", `/resource_providers/${first}`);
      expect(gone.status).toBe(204);
    },
    TIMEOUT,
  );

  test(
    "is refused a parent of its own, and changes nothing",
    async () => {
      const before = await api.items();
      const answer = await move(members.at(-1) ?? "");
      expect(answer.status).toBe(400);
      expect(detailOf(answer)).toContain("creating loop");
      expect(await api.items()).toEqual(before);
    },
    TIMEOUT,
  );

  test(
    "moves while its providers are claimed from and take children",
    async () => {
      const target = await makeProvider(api);
      const [, middle = ""] = members;
      const consumer = randomUUID();
      const child = randomUUID();
      const [moved, claimed, made] = await Promise.all([
        move(target),
        api.request("PUT", `/allocations/${consumer}`, {
          body: claimBody({ [middle]: { VCPU: 1 } }, null),
        }),
        api.request("POST", "/resource_providers", {
          body: { name: `provider-${child}`, uuid: child, parent_provider_uuid: middle },
        }),
      ]);
      expect(statuses([moved, claimed, made])).toEqual({ 200: 2, 204: 1 });
      members.push(child);
      expect(await rootsBelow(top)).toEqual([target]);
      expect((await release(api, consumer)).status).toBe(204);
    },
    TIMEOUT,
  );
});
