/**
 * What a service holds that no claim could get today: more than the capacity, or a class that
 * the provider has no inventory of. Placement lets both arise, when inventories change under
 * allocations.
 */
import { capacityOf, type Inventory } from "../inventory.ts";
import type { Uuid } from "../uuid.ts";
import type { Content, ContentProvider } from "./content.ts";

export interface Misfit {
  readonly provider: Uuid;
  readonly class: string;
  readonly held: number;
  /** Undefined: there is no inventory. */
  readonly capacity: number | undefined;
}

/**
 * Stands in for an inventory that is absent while its class is held: nothing more can be
 * claimed, and the use is counted, so that it can be released.
 */
export const STAND_IN: Inventory = {
  total: 1,
  reserved: 1,
  minUnit: 1,
  maxUnit: 2_147_483_647,
  stepSize: 1,
  allocationRatio: 1,
};

export function misfitsOf({ providers, consumers }: Content): Misfit[] {
  const held = new Map<Uuid, Map<string, number>>();
  for (const { allocations } of consumers.values()) {
    for (const [provider, amounts] of allocations) {
      const sums = held.get(provider) ?? new Map<string, number>();
      held.set(provider, sums);
      for (const [name, amount] of amounts) sums.set(name, (sums.get(name) ?? 0) + amount);
    }
  }
  return [...providers.values()].flatMap(({ uuid, inventories }) =>
    [...(held.get(uuid) ?? [])].flatMap(([name, sum]) => {
      const inventory = inventories.get(name);
      const capacity = inventory && capacityOf(inventory);
      if (capacity !== undefined && sum <= capacity) return [];
      return [{ provider: uuid, class: name, held: sum, capacity }];
    }),
  );
}

/** The content as a table of ours holds it: with a stand-in for every absent inventory. */
export function withStandIns<C extends Content>(content: C, misfits: readonly Misfit[]): C {
  const providers = new Map<Uuid, ContentProvider>(content.providers);
  for (const { provider, class: name, capacity } of misfits) {
    const known = providers.get(provider);
    if (known === undefined || capacity !== undefined) continue;
    const inventories = new Map([...known.inventories, [name, STAND_IN] as const]);
    providers.set(provider, { ...known, inventories });
  }
  return { ...content, providers };
}

export function misfitWords({ provider, class: name, held, capacity }: Misfit): string {
  return capacity === undefined
    ? `provider ${provider}: ${held} of ${name} are held, of which it has no inventory`
    : `provider ${provider}: ${held} of ${name} are held, its capacity is ${capacity}`;
}
