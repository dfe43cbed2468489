/** What a list of providers includes of each: the documents of the reads of one provider. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { MAX_HOLDERS, MAX_WITH_ALLOCATIONS } from "../../functions/resource-providers/page.ts";
import { makeHost } from "../support/candidates.ts";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { BAD_PAGES, pagesOf, providersOf } from "../support/pages.ts";
import { numberedUuid, plainProvider } from "../support/providers.ts";
import { seedProviders } from "../support/seeded.ts";
import { claim, makeProvider } from "../support/world.ts";

const KINDS = ["inventories", "usages", "aggregates", "traits", "allocations"] as const;

describe("included", () => {
  const api = useApi();
  const hosts: string[] = [];

  beforeAll(async () => {
    await api.request("PUT", "/resource_classes/CUSTOM_A");
    for (let index = 0; index < 4; index += 1) {
      const host = await makeHost(
        api,
        { VCPU: 8, CUSTOM_A: { total: 4, reserved: 1, allocation_ratio: 2.5 } },
        {
          traits: ["HW_CPU_X86_AVX", "CUSTOM_FAST"],
          aggregates: [randomUUID(), randomUUID().toUpperCase()],
        },
      );
      hosts.push(host);
    }
    hosts.push(await makeProvider(api));
    for (let index = 0; index < 5; index += 1) {
      const held = { VCPU: 1, CUSTOM_A: 1 };
      const both = { [hosts[0] ?? ""]: held, [hosts[1] ?? ""]: { VCPU: 1 } };
      expect((await claim(api, randomUUID(), both)).status).toBe(204);
    }
  });

  const list = (query: string, version = "1.39", more = {}) =>
    api.request("GET", `/resource_providers?${query}`, { version, ...more });

  /** As four or five requests for each provider say it. */
  async function oneByOne(includes: readonly string[], version: string) {
    const found = [];
    for (const uuid of hosts) {
      const included: Record<string, unknown> = {};
      for (const name of includes) {
        const { status, body } = await api.request("GET", `/resource_providers/${uuid}/${name}`, {
          version,
        });
        expect([name, status]).toEqual([name, 200]);
        included[name] = body;
      }
      const { body } = await api.request("GET", `/resource_providers/${uuid}`, { version });
      found.push({ ...body, included });
    }
    return found;
  }

  test.each([
    ["1.0", ["inventories", "usages", "allocations"]],
    ["1.1", ["inventories", "aggregates"]],
    ["1.18", KINDS],
    ["1.19", KINDS],
    ["1.28", KINDS],
    ["1.39", KINDS],
  ] as const)("at %s: %j, exactly as of one provider", async (version, includes) => {
    const { status, body } = await list(`include=${includes.join(",")}`, version);
    const expected = await oneByOne(includes, version);
    expect(JSON.stringify(body.resource_providers)).toBe(JSON.stringify(expected));
    expect([status, Object.keys(body)]).toEqual([200, ["resource_providers"]]);
    const only = await list(`include=${includes.join(",")}&uuid=in:${hosts.join(",")}`, version);
    expect(only.body).toEqual(body);
  });

  test("in pages, the same", async () => {
    const whole = (await list(`include=${KINDS.join(",")}`)).body.resource_providers;
    const path = `/resource_providers?include=${KINDS.join(",")}`;
    const found = await pagesOf(api, { path, limit: 2 });
    expect(found.flatMap(({ resource_providers: some }) => some)).toEqual(whole);
    expect(found).toHaveLength(3);
  });

  test("in one order, however they are named, each once", async () => {
    const { body } = await list("include=usages,inventories,usages");
    expect(Object.keys(body.resource_providers[0].included)).toEqual(["inventories", "usages"]);
  });

  test("not at a version that cannot read it of one provider", async () => {
    expectRefusal(await list("include=aggregates", "1.0"), {
      status: 400,
      message: /include/,
      code: null,
    });
    expectRefusal(await list("include=usages,traits", "1.5"), { status: 400, code: null });
    expect((await list("include=usages,traits", "1.6")).status).toBe(200);
  });

  test("not with a bad page", async () => {
    for (const [query, message] of BAD_PAGES) {
      expectRefusal(await list(`include=usages&${query}`), { status: 400, message });
    }
  });
});

describe("who may include", () => {
  const rules = {
    "placement:resource_providers:list": "@",
    "placement:resource_providers:usages": "role:reader",
    "placement:resource_providers:inventories:list": "role:planner",
  };
  const api = useApi({ configuration: { policyRules: rules } });

  const ask = (query: string, roles: string) =>
    api.request("GET", `/resource_providers${query}`, { token: "somebody", roles });

  test("is who may read it of one provider", async () => {
    await makeProvider(api, { VCPU: 1 });
    expect((await ask("", "reader")).status).toBe(200);
    expect((await ask("?limit=5&include=usages", "reader")).status).toBe(200);
    expect((await ask("?include=inventories,usages", "reader,planner")).status).toBe(200);
    for (const [include, rule] of [
      ["inventories", "inventories:list"],
      ["usages,inventories", "inventories:list"],
      ["usages,allocations", "allocations:list"],
      ["traits", "traits:list"],
      ["aggregates", "aggregates:list"],
    ]) {
      expectRefusal(await ask(`?include=${include}`, "reader"), {
        status: 403,
        message: `Policy does not allow placement:resource_providers:${rule} to be performed.`,
      });
    }
  });
});

describe("bounds", () => {
  // Providers that only say that they have consumers.
  const api = useApi({ verified: "never" });
  const BIG = 15_000;

  beforeAll(async () => {
    const providers = Array.from({ length: MAX_WITH_ALLOCATIONS + 10 }, (_, index) => {
      const { state, profile } = plainProvider(numberedUuid(index));
      const consumers = index < 3 ? BIG : 0;
      return { state: { ...state, consumers, created: index }, profile };
    });
    await seedProviders(api, providers);
  });

  const list = (query: string) => api.request("GET", `/resource_providers?${query}`);

  test("pages with allocations end early, and the walk is whole", async () => {
    expect(2 * BIG).toBeGreaterThan(MAX_HOLDERS);
    const path = "/resource_providers?include=allocations";
    const found = await pagesOf(api, { path, limit: 1_000 });
    expect(found.map((body) => providersOf(body).length)).toEqual([1, 1, 270, 8]);
    const all = Array.from({ length: MAX_WITH_ALLOCATIONS + 10 }, (_, index) =>
      numberedUuid(index),
    );
    expect(found.flatMap(providersOf)).toEqual(all);
  });

  test("a whole list that is beyond them is refused, with advice", async () => {
    for (const query of ["include=allocations", `include=allocations&uuid=in:${three()}`]) {
      expectRefusal(await list(query), {
        status: 400,
        code: "placement.answer_too_large",
        message: /ask for less, with a limit or a filter/,
      });
    }
    const one = await list(`include=allocations&uuid=${numberedUuid(0)}`);
    expect([one.status, providersOf(one.body)]).toEqual([200, [numberedUuid(0)]]);
    expect((await list("include=inventories,usages,aggregates,traits")).status).toBe(200);
  });

  const three = () => [0, 1, 2].map(numberedUuid).join(",");
});
