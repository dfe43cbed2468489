/** Names that random requests share, so that they affect one another, and a table that has them. */
import { expect } from "vitest";
import type { Api } from "../../support/api.ts";
import { type Chance, seeded } from "../../support/chance.ts";

export interface World {
  readonly providers: readonly string[];
  readonly consumers: readonly string[];
  readonly aggregates: readonly string[];
  readonly traits: readonly string[];
  readonly classes: readonly string[];
  readonly projects: readonly string[];
  readonly users: readonly string[];
  readonly types: readonly string[];
}

const PROVIDERS = 30;
const CONSUMERS = 40;

const KNOWN_TRAITS = ["HW_CPU_X86_VMX", "CUSTOM_T1"];
const KNOWN_CLASSES = ["VCPU", "CUSTOM_C1"];

export function makeWorld(seed: number): World {
  const random: Chance = seeded(seed);
  const uuids = (count: number) => Array.from({ length: count }, () => random.uuid());
  return {
    providers: uuids(PROVIDERS),
    consumers: uuids(CONSUMERS),
    aggregates: uuids(4),
    // Names that the table has are listed twice, so that they are requested more often.
    traits: [...KNOWN_TRAITS, ...KNOWN_TRAITS, "STORAGE_DISK_SSD", "CUSTOM_T2", "CUSTOM_T3"],
    classes: [...KNOWN_CLASSES, ...KNOWN_CLASSES, "DISK_GB", "CUSTOM_C2", "CUSTOM_C3"],
    projects: ["p1", "p2", "p3"],
    users: ["u1", "u2"],
    types: ["INSTANCE", "MIGRATION"],
  };
}

/** Trees of providers with inventories, traits and aggregates; consumers that hold something. */
export async function populate({ request }: Api, world: World): Promise<void> {
  const send = async (method: string, path: string, body?: unknown) => {
    const answer = await request(method, path, body === undefined ? {} : { body });
    expect(answer.status, `${method} ${path}`).toBeLessThan(300);
  };
  const known = world.providers.slice(0, PROVIDERS - 5);
  await send("PUT", "/traits/CUSTOM_T1");
  await send("PUT", "/resource_classes/CUSTOM_C1");
  for (const [index, uuid] of known.entries()) {
    const parent = index % 3 === 0 ? undefined : known[index - 1];
    const more = parent === undefined ? {} : { parent_provider_uuid: parent };
    await send("POST", "/resource_providers", { name: `n${index}`, uuid, ...more });
    const path = `/resource_providers/${uuid}`;
    const inventories = { VCPU: { total: 64 }, CUSTOM_C1: { total: 9, max_unit: 4 } };
    const first = { resource_provider_generation: 0, inventories };
    await send("PUT", `${path}/inventories`, first);
    const traits = ["CUSTOM_T1", "HW_CPU_X86_VMX"].slice(0, 1 + (index % 2));
    await send("PUT", `${path}/traits`, { traits, resource_provider_generation: 1 });
    const aggregates = world.aggregates.slice(index % 4);
    await send("PUT", `${path}/aggregates`, { aggregates, resource_provider_generation: 2 });
  }
  for (const [index, consumer] of world.consumers.slice(0, CONSUMERS / 2).entries()) {
    const provider = known[index % known.length] ?? "";
    await send("PUT", `/allocations/${consumer}`, {
      allocations: { [provider]: { resources: { VCPU: 1 + (index % 3), CUSTOM_C1: 1 } } },
      project_id: world.projects[index % 3],
      user_id: world.users[index % 2],
      consumer_type: world.types[index % 2],
      consumer_generation: null,
    });
  }
  for (const uuid of world.consumers.slice(CONSUMERS / 2, (CONSUMERS * 3) / 4)) {
    await send("POST", "/consumers", { uuid, project_id: "p1", user_id: "u1" });
  }
}
