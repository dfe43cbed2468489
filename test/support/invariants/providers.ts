/** Use is the sum of what consumers hold; free is what the capacity leaves. */
import type { Consumer } from "../../../lib/model/consumer.ts";
import { capacityOf } from "../../../lib/model/inventory.ts";
import type { ProviderState } from "../../../lib/model/provider.ts";
import type { Uuid } from "../../../lib/model/uuid.ts";
import { hotKey, profileKey } from "../../../lib/store/keys.ts";
import { type Stored, textOf } from "./stored.ts";

interface Held {
  readonly sums: Map<number, number>;
  holders: number;
}

export function brokenProviders({ states, profiles, consumers, items }: Stored): string[] {
  const held = heldBy(consumers);
  const broken: string[] = [];
  for (const uuid of new Set([...states.keys(), ...profiles.keys(), ...held.keys()])) {
    const state = states.get(uuid);
    const profile = profiles.get(uuid);
    if (state === undefined || profile === undefined) {
      broken.push(`provider ${uuid} has hot item: ${!!state}, profile: ${!!profile}`);
      continue;
    }
    if (!items.has(textOf(hotKey(uuid))) || !items.has(textOf(profileKey(uuid)))) {
      broken.push(`provider ${uuid} stands in the wrong shard`);
    }
    if (state.profileVersion !== profile.version) {
      broken.push(`provider ${uuid} has versions ${state.profileVersion} and ${profile.version}`);
    }
    broken.push(...brokenUse(state, held.get(uuid) ?? { sums: new Map(), holders: 0 }));
  }
  return broken;
}

function heldBy(consumers: ReadonlyMap<Uuid, Consumer>): Map<Uuid, Held> {
  const held = new Map<Uuid, Held>();
  for (const { allocations } of consumers.values()) {
    for (const [provider, amounts] of allocations) {
      const known = held.get(provider) ?? { sums: new Map(), holders: 0 };
      known.holders += 1;
      for (const [id, amount] of amounts) known.sums.set(id, (known.sums.get(id) ?? 0) + amount);
      held.set(provider, known);
    }
  }
  return held;
}

function brokenUse({ uuid, inventories, consumers }: ProviderState, { sums, holders }: Held) {
  const broken: string[] = [];
  if (consumers !== holders) broken.push(`provider ${uuid} counts ${consumers} of ${holders}`);
  for (const id of new Set([...inventories.keys(), ...sums.keys()])) {
    const inventory = inventories.get(id);
    const sum = sums.get(id) ?? 0;
    if (inventory === undefined) {
      broken.push(`provider ${uuid} has no class ${id}, of which ${sum} are held`);
      continue;
    }
    const { used, free } = inventory;
    if (used !== sum) broken.push(`provider ${uuid} class ${id} uses ${used}, held are ${sum}`);
    const rest = capacityOf(inventory) - used;
    if (free !== rest) broken.push(`provider ${uuid} class ${id} has ${free} free, not ${rest}`);
  }
  return broken;
}
