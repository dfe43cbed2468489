/** A random fleet, and what metrics have to say of it by the JSON API. */
import type { Chance } from "../support/chance.ts";
import type { Exposition } from "../support/exposition.ts";
import { claim, makeProvider, type Requester } from "../support/world.ts";

const CLASSES = ["VCPU", "MEMORY_MB", "DISK_GB", "VGPU", "CUSTOM_GOLD", "CUSTOM_IRON"];
/** What the format escapes, what it does not, and what JSON escapes. */
const PIECES = ['"', "\\", "\n", "\\n", "\r", "\t", "{", "}", ",", "=", "é", "🦊", "\u0000", "a"];

export async function makeFleet(api: Requester, random: Chance, count: number): Promise<void> {
  for (const name of CLASSES.slice(4)) await api.request("PUT", `/resource_classes/${name}`);
  const roots: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const classes = CLASSES.filter(() => random.below(2) === 0);
    const inventories = Object.fromEntries(
      classes.map((name) => {
        const total = 10 + random.below(2 ** 31 - 10);
        const ratio = random.pick([1, 0.1, 1.2, 16, 1e-7, 12_345.678]);
        return [name, { total, reserved: random.below(10), allocation_ratio: ratio }];
      }),
    );
    const pieces = Array.from({ length: random.below(6) }, () => random.pick(PIECES));
    const name = `${pieces.join("")}host-${index}${pieces.reverse().join("")}`;
    const nested = roots.length > 0 && random.below(3) === 0;
    const parent = nested ? { parent: random.pick(roots) } : {};
    const uuid = random.uuid();
    roots.push(await makeProvider(api, inventories, { uuid, name, ...parent }));
    for (let holder = random.below(3); holder > 0; holder -= 1) {
      const held = Object.fromEntries(classes.map((each) => [each, 1 + random.below(3)]));
      // Ratios and reserved amounts refuse some of them.
      if (classes.length > 0) await claim(api, random.uuid(), { [uuid]: held });
    }
  }
}

/** Values of samples by their family and labels. */
export type Values = ReadonlyMap<string, number>;

const keyOf = (family: string, labels: Readonly<Record<string, string>>) =>
  JSON.stringify([family, Object.entries(labels).sort()]);

const PREFIX = "openstack_placement_";
const COUNTED = ["total", "reserved", "allocation_ratio"] as const;

/** By the requests that an exporter sends. */
export async function expectedValues(api: Requester, allocations: boolean): Promise<Values> {
  const values = new Map<string, number>([[keyOf(`${PREFIX}up`, {}), 1]]);
  const read = async (path: string) => (await api.request("GET", path)).body;
  for (const { uuid, name: hostname } of (await read("/resource_providers")).resource_providers) {
    const path = `/resource_providers/${uuid}`;
    const set = (family: string, labels: Record<string, string>, value: number) =>
      values.set(keyOf(`${PREFIX}resource_${family}`, { hostname, ...labels }), value);
    const { inventories, resource_provider_generation: generation } = await read(
      `${path}/inventories`,
    );
    for (const [resourcetype, inventory] of Object.entries<Record<string, number>>(inventories)) {
      for (const name of COUNTED) set(name, { resourcetype }, inventory[name] ?? Number.NaN);
      set("generation", { resourcetype }, generation);
    }
    const { usages } = await read(`${path}/usages`);
    for (const [resourcetype, used] of Object.entries<number>(usages)) {
      set("usage", { resourcetype }, used);
    }
    if (!allocations) continue;
    const held = (await read(`${path}/allocations`)).allocations;
    for (const [consumer, { resources }] of Object.entries<{ resources: object }>(held)) {
      for (const [resourcetype, amount] of Object.entries<number>(resources as never)) {
        set("provider_allocations", { uuid: consumer, resourcetype }, amount);
      }
    }
  }
  return values;
}

export function valuesOf(families: Exposition): Values {
  const samples = [...families.values()].flatMap((family) => family.samples);
  return new Map(samples.map(({ name, labels, value }) => [keyOf(name, labels), value]));
}
