/** How much one request may change: beyond one transaction in two phases, up to a limit. */
import { randomUUID } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { useApi } from "../support/frame.ts";
import { brokenInvariants } from "../support/invariants.ts";
import { claim, claimBody, detailOf, type Held, makeProvider, statuses } from "../support/world.ts";

const LIMIT = 300;

const api = useApi({ configuration: { maxChangeItems: LIMIT } });

afterEach(async () => {
  expect(brokenInvariants(await api.items())).toEqual([]);
});

/** One provider and `count` consumers: three items each, and the provider. */
function many(provider: string, count: number) {
  const consumers = Array.from({ length: count }, () => [
    randomUUID(),
    claimBody({ [provider]: { VCPU: 1 } }, null),
  ]);
  return Object.fromEntries(consumers);
}

test("more than the limit is refused whole with 413, as much as the limit is done", async () => {
  const provider = await makeProvider(api, { VCPU: 500 });
  const before = await api.items();
  const refused = await api.request("POST", "/allocations", { body: many(provider, 100) });
  expect(refused.status).toBe(413);
  expect(detailOf(refused)).toContain("changes 301 items; at most 300 can change at once");
  expect(detailOf(refused)).toContain("Nothing was written.");
  expect(await api.items()).toEqual(before);
  for (const count of [33, 34, 99]) {
    const done = await api.request("POST", "/allocations", { body: many(provider, count) });
    expect(done.status).toBe(204);
  }
});

test("a claim moves from 60 providers to 60 others at once", async () => {
  const providers = await Promise.all(
    Array.from({ length: 120 }, () => makeProvider(api, { VCPU: 10 })),
  );
  const held = (from: number, to: number): Held =>
    Object.fromEntries(providers.slice(from, to).map((provider) => [provider, { VCPU: 1 }]));
  const consumer = randomUUID();
  expect((await claim(api, consumer, held(0, 60))).status).toBe(204);
  expect((await claim(api, consumer, held(60, 120), 1)).status).toBe(204);
  expect((await claim(api, consumer, {}, 2)).status).toBe(204);
});

test("a subtree of 60 providers changes trees at once", async () => {
  const [top, target] = [await makeProvider(api), await makeProvider(api)];
  for (let count = 1; count < 60; count += 1) await makeProvider(api, {}, { parent: top });
  const moved = await api.request("PUT", `/resource_providers/${top}`, {
    body: { name: `provider-${top}`, parent_provider_uuid: target },
  });
  expect(moved.status).toBe(200);
  const tree = await api.request("GET", `/resource_providers?in_tree=${target}`);
  const roots = tree.body.resource_providers.map(
    (provider: { root_provider_uuid: string }) => provider.root_provider_uuid,
  );
  expect(roots).toEqual(Array.from({ length: 61 }, () => target));
});

test("a provider takes and gives up 120 custom traits and classes at once", async () => {
  const names = Array.from({ length: 120 }, (_, index) => `CUSTOM_LIMIT_${index}`);
  const made = [];
  for (const name of names) {
    made.push(await api.request("PUT", `/resource_classes/${name}`));
    made.push(await api.request("PUT", `/traits/${name}`));
  }
  expect(statuses(made)).toEqual({ 201: 240 });
  const provider = await makeProvider(api);
  const inventories = Object.fromEntries(names.map((name) => [name, { total: 1 }]));
  const path = `/resource_providers/${provider}`;
  const put = await api.request("PUT", `${path}/inventories`, {
    body: { resource_provider_generation: 0, inventories },
  });
  expect(put.status).toBe(200);
  const traits = await api.request("PUT", `${path}/traits`, {
    body: { resource_provider_generation: 1, traits: names },
  });
  expect(traits.status).toBe(200);
  expect((await api.request("DELETE", `/traits/${names[0]}`)).status).toBe(409);
  expect((await api.request("DELETE", path)).status).toBe(204);
  expect((await api.request("DELETE", `/traits/${names[0]}`)).status).toBe(204);
});
