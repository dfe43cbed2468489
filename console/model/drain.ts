/** Draining a tree: all is reserved, so that nothing new fits, and can be undone. */
import type { Inventory, Provider } from "./provider.ts";

/** What was reserved before, by class. */
export type Reserved = Readonly<Record<string, number>>;

export interface NewInventories {
  readonly provider: Provider;
  readonly inventories: Readonly<Record<string, Inventory>>;
}

export const isDrained = ({ inventories }: Pick<Provider, "inventories">): boolean => {
  const all = Object.values(inventories);
  return all.length > 0 && all.every(({ total, reserved }) => reserved >= total);
};

/** For each provider of the tree of which something is not reserved yet. */
export function drainOf(providers: readonly Provider[]): NewInventories[] {
  return providers
    .filter((provider) => Object.keys(provider.inventories).length > 0 && !isDrained(provider))
    .map((provider) => ({
      provider,
      inventories: mapped(provider, (inventory) => ({ ...inventory, reserved: inventory.total })),
    }));
}

export const reservedOf = ({ inventories }: Provider): Reserved =>
  Object.fromEntries(Object.entries(inventories).map(([name, each]) => [name, each.reserved]));

/**
 * Sets back what is still fully reserved; a class that somebody else has changed since stays as it is.
 * @param remembered what was reserved before the drain, by uuid
 */
export function undoOf(
  providers: readonly Provider[],
  remembered: Readonly<Record<string, Reserved>>,
): NewInventories[] {
  return providers.flatMap((provider) => {
    const before = remembered[provider.uuid];
    if (before === undefined) return [];
    const inventories = mapped(provider, (inventory, name) => {
      const reserved = before[name];
      const isOurs = inventory.reserved === inventory.total && reserved !== undefined;
      return isOurs ? { ...inventory, reserved: Math.min(reserved, inventory.total) } : inventory;
    });
    const isSame = Object.entries(inventories).every(
      ([name, { reserved }]) => provider.inventories[name]?.reserved === reserved,
    );
    return isSame ? [] : [{ provider, inventories }];
  });
}

function mapped(
  { inventories }: Provider,
  change: (inventory: Inventory, name: string) => Inventory,
): Record<string, Inventory> {
  return Object.fromEntries(
    Object.entries(inventories).map(([name, inventory]) => [name, change(inventory, name)]),
  );
}
