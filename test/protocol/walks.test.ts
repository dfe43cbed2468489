/** Walks through lists while others write: nothing is missed that was there all along, nothing comes twice. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { chance } from "../support/chance.ts";
import { useApi, useBetween } from "../support/frame.ts";
import type { HttpAnswer } from "../support/http-client.ts";
import { classesOf, holdersOf, pagesOf, providersOf, traitsOf, walked } from "../support/pages.ts";
import { claim, claimBody, makeProvider, release } from "../support/world.ts";

const STAYING = 8;
/** Milliseconds: some hundred requests, on a busy machine too. */
const TIME = 180_000;

describe("among writers that create and delete", () => {
  const api = useApi();
  const random = chance("walks among writers");
  const custom = () => `CUSTOM_${random.uuid().replaceAll("-", "_").toUpperCase()}`;

  interface Kind {
    readonly path: (host: string) => string;
    readonly entries: (body: HttpAnswer["body"]) => string[];
    make(host: string): Promise<string>;
    remove(name: string): Promise<HttpAnswer>;
  }

  const named = (path: string, entries: Kind["entries"]): Kind => ({
    path: () => path,
    entries,
    make: async () => {
      const name = custom();
      expect((await api.request("PUT", `${path}/${name}`)).status).toBe(201);
      return name;
    },
    remove: (name) => api.request("DELETE", `${path}/${name}`),
  });

  const kinds: Readonly<Record<string, Kind>> = {
    providers: {
      path: () => "/resource_providers",
      entries: providersOf,
      make: () => makeProvider(api, {}, { uuid: random.uuid() }),
      remove: (uuid) => api.request("DELETE", `/resource_providers/${uuid}`),
    },
    "holders of a provider": {
      path: (host) => `/resource_providers/${host}/allocations`,
      entries: holdersOf,
      make: async (host) => {
        const consumer = random.uuid();
        expect((await claim(api, consumer, { [host]: { VCPU: 1 } })).status).toBe(204);
        return consumer;
      },
      remove: (consumer) => release(api, consumer),
    },
    traits: named("/traits", traitsOf),
    classes: named("/resource_classes", classesOf),
  };

  test.each(Object.entries(kinds))(
    "%s",
    async (_, { path, entries, make, remove }) => {
      const host = await makeProvider(api, { VCPU: 1_000 });
      const all = entries((await api.request("GET", path(host))).body);
      const staying = new Set(all);
      const passing: string[] = [];
      const making = Array.from({ length: STAYING }, async () => {
        staying.add(await make(host));
        passing.push(await make(host));
      });
      await Promise.all(making);
      const between = async () => {
        const index = random.below(passing.length);
        const [gone = ""] = passing.splice(index, 1);
        const made = make(host);
        expect((await remove(gone)).status).toBe(204);
        passing.push(await made);
      };
      // Some eight pages, each of them with writes before the next.
      const limit = Math.ceil((staying.size + passing.length) / 8) + random.below(2);
      const found = (await walked(api, { path: path(host), limit, between }, entries)).flat();
      expect(new Set(found).size).toBe(found.length);
      expect([...staying].filter((name) => !found.includes(name))).toEqual([]);
      const removed = await Promise.all(passing.map(remove));
      for (const { status } of removed) expect(status).toBe(204);
    },
    TIME,
  );
});

describe("a large change in the midst of an answer", () => {
  const between = useBetween();

  test("is in all of it: usages are the sums of the allocations", async () => {
    const { slow, quick } = between;
    const host = await makeProvider(quick, { VCPU: 1_000 });
    await claim(quick, randomUUID(), { [host]: { VCPU: 1 } });
    const path = `/resource_providers?uuid=in:${host}&include=usages,allocations`;
    await pagesOf(slow, { path, limit: 5 });
    const held = claimBody({ [host]: { VCPU: 2 } }, null);
    const body = Object.fromEntries(Array.from({ length: 40 }, () => [randomUUID(), held]));
    const times = between.before(
      ({ command }) => command === "Query",
      async () => {
        expect((await quick.request("POST", "/allocations", { body })).status).toBe(204);
      },
    );
    const [page] = await pagesOf(slow, { path, limit: 5 });
    expect(times()).toBe(1);
    const [{ included }] = page.resource_providers;
    const amounts = Object.values(
      included.allocations.allocations as Record<string, { resources: { VCPU: number } }>,
    ).map(({ resources }) => resources.VCPU);
    expect(amounts).toHaveLength(41);
    expect(included.usages.usages.VCPU).toBe(amounts.reduce((a, b) => a + b, 0));
  });
});
