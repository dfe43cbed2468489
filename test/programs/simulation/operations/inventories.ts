/** Writes of inventories. */
import {
  type Cause,
  type Inventory,
  isClass,
  refused,
  used,
  type Verdict,
  type World,
  withProvider,
} from "../world.ts";

type Inventories = Readonly<Record<string, Inventory>>;

export function applyReplace(
  world: World,
  uuid: string,
  generation: number,
  inventories: Inventories,
): Verdict {
  const before = world.providers.get(uuid);
  if (before === undefined) return refused("404 provider");
  if (before.generation !== generation) return refused("409 provider generation");
  const causes = new Set<Cause>();
  if (Object.keys(inventories).some((name) => !isClass(world, name))) causes.add("400 class");
  const gone = Object.keys(before.inventories).filter((name) => !(name in inventories));
  if (gone.some((name) => used(world, uuid, name) > 0)) causes.add("409 in use");
  if (causes.size > 0) return refused(...causes);
  return raised(world, uuid, { status: 200, inventories });
}

export function applyAdd(world: World, uuid: string, name: string, added: Inventory): Verdict {
  const before = world.providers.get(uuid);
  if (before === undefined) return refused("404 provider");
  if (!isClass(world, name)) return refused("400 class");
  if (before.inventories[name] !== undefined) return refused("409 exists");
  const inventories = { ...before.inventories, [name]: added };
  return raised(world, uuid, { status: 201, inventories });
}

export interface NamedInventory {
  readonly name: string;
  readonly inventory: Inventory;
}

export function applyUpdate(
  world: World,
  uuid: string,
  generation: number,
  { name, inventory }: NamedInventory,
): Verdict {
  const before = world.providers.get(uuid);
  if (before === undefined) return refused("404 provider");
  if (before.generation !== generation) return refused("409 provider generation");
  if (!isClass(world, name)) return refused("404 class");
  if (before.inventories[name] === undefined) return refused("400 inventory");
  const inventories = { ...before.inventories, [name]: inventory };
  return raised(world, uuid, { status: 200, inventories });
}

export function applyRemove(world: World, uuid: string, name: string): Verdict {
  const before = world.providers.get(uuid);
  if (before === undefined) return refused("404 provider");
  if (before.inventories[name] === undefined) return refused("404 inventory");
  if (used(world, uuid, name) > 0) return refused("409 in use");
  const { [name]: _, ...inventories } = before.inventories;
  return raised(world, uuid, { status: 204, inventories });
}

export function applyRemoveAll(world: World, uuid: string): Verdict {
  const before = world.providers.get(uuid);
  if (before === undefined) return refused("404 provider");
  if (Object.keys(before.inventories).some((name) => used(world, uuid, name) > 0)) {
    return refused("409 in use");
  }
  return raised(world, uuid, { status: 204, inventories: {} });
}

function raised(
  world: World,
  uuid: string,
  { status, inventories }: { readonly status: number; readonly inventories: Inventories },
): Verdict {
  const before = world.providers.get(uuid);
  if (before === undefined) return refused("404 provider");
  const generation = before.generation + 1;
  const after = { ...before, inventories, generation };
  return { status, world: withProvider(world, uuid, after), generation };
}
