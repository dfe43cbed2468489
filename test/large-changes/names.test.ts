/** Providers with more custom traits and classes than one transaction holds. */
import { randomUUID } from "node:crypto";
import { afterEach, beforeAll, expect, test } from "vitest";
import { useApi } from "../support/frame.ts";
import { expectWhole, sweep } from "../support/large-world.ts";
import { all, claim, detailOf, makeProvider, release, statuses } from "../support/world.ts";

const TIMEOUT = 300_000;
const NAMES = Array.from({ length: 120 }, (_, index) => `CUSTOM_LARGE_${index}`);
const api = useApi();

beforeAll(async () => {
  for (const name of NAMES) {
    const path = [`/traits/${name}`, `/resource_classes/${name}`];
    const made = await all(2, (index) => api.request("PUT", path[index] ?? ""));
    expect(statuses(made)).toEqual({ 201: 2 });
  }
}, TIMEOUT);
afterEach(async () => {
  // On a busy machine the end of a change may be left to a sweep.
  await sweep(api);
  await expectWhole(api);
});

const putTraits = (provider: string, generation: number, traits: readonly string[]) =>
  api.request("PUT", `/resource_providers/${provider}/traits`, {
    body: { resource_provider_generation: generation, traits },
  });
const putInventories = (provider: string, generation: number, names: readonly string[]) =>
  api.request("PUT", `/resource_providers/${provider}/inventories`, {
    body: {
      resource_provider_generation: generation,
      inventories: Object.fromEntries(names.map((name) => [name, { total: 1 }])),
    },
  });

test(
  "traits are set and exchanged at once, and refused whole",
  async () => {
    const provider = await makeProvider(api);
    expect((await putTraits(provider, 0, NAMES)).status).toBe(200);
    const before = await api.items();
    const stale = await putTraits(provider, 0, []);
    expect(stale.status).toBe(409);
    const unknown = await putTraits(provider, 1, [...NAMES.slice(1), "CUSTOM_NOWHERE"]);
    expect(unknown.status).toBe(400);
    expect(await api.items()).toEqual(before);
    const path = `/resource_providers/${provider}/traits`;
    expect((await api.request("DELETE", path)).status).toBe(204);
    expect((await api.request("GET", path)).body.traits).toEqual([]);
  },
  TIMEOUT,
);

test(
  "a trait that is deleted while 120 are set is either set or gone, and the rest as one",
  async () => {
    const provider = await makeProvider(api);
    const [victim = ""] = NAMES;
    const [put, deleted] = await Promise.all([
      putTraits(provider, 0, NAMES),
      api.request("DELETE", `/traits/${victim}`),
    ]);
    const { body } = await api.request("GET", `/resource_providers/${provider}/traits`);
    if (put.status === 200) {
      expect(deleted.status).toBe(409);
      expect(body.traits).toHaveLength(NAMES.length);
    } else {
      expect([put.status, deleted.status]).toEqual([400, 204]);
      expect(body.traits).toEqual([]);
      expect((await api.request("PUT", `/traits/${victim}`)).status).toBe(201);
    }
  },
  TIMEOUT,
);

test(
  "inventories of 120 custom classes are set, refused in use, and deleted with their provider",
  async () => {
    const provider = await makeProvider(api);
    expect((await putInventories(provider, 0, NAMES)).status).toBe(200);
    const consumer = randomUUID();
    const [first = ""] = NAMES;
    expect((await claim(api, consumer, { [provider]: { [first]: 1 } })).status).toBe(204);
    const before = await api.items();
    const used = await putInventories(provider, 2, []);
    expect(used.status).toBe(409);
    expect(detailOf(used)).toContain(first);
    const path = `/resource_providers/${provider}`;
    expect((await api.request("DELETE", `${path}/inventories`)).status).toBe(409);
    expect((await api.request("DELETE", path)).status).toBe(409);
    expect(await api.items()).toEqual(before);
    expect((await release(api, consumer)).status).toBe(204);
    expect((await api.request("DELETE", path)).status).toBe(204);
    expect((await api.request("GET", path)).status).toBe(404);
    const gone = await all(5, (index) =>
      api.request("DELETE", `/resource_classes/${NAMES[index]}`),
    );
    expect(statuses(gone)).toEqual({ 204: 5 });
  },
  TIMEOUT,
);
