/** Writes of providers: births, names, parents, traits, aggregates, deaths. */
import {
  type Cause,
  holders,
  isTrait,
  type Provider,
  refused,
  type Verdict,
  type World,
  withProvider,
} from "../world.ts";

interface Birth {
  readonly uuid: string;
  readonly name: string;
  readonly parent: string | undefined;
}

export function applyBirth(world: World, { uuid, name, parent }: Birth): Verdict {
  const causes: Cause[] = [];
  if (parent !== undefined && !world.providers.has(parent)) causes.push("400 parent");
  if (world.providers.has(uuid) || isNamed(world, name)) causes.push("409 exists");
  if (causes.length > 0) return refused(...causes);
  const made: Provider = {
    name,
    parent: parent ?? null,
    generation: 0,
    inventories: {},
    traits: [],
    aggregates: [],
  };
  return { status: 200, world: withProvider(world, uuid, made), generation: 0 };
}

function isNamed(world: World, name: string, except?: string): boolean {
  return [...world.providers].some(([uuid, other]) => uuid !== except && other.name === name);
}

export interface ProviderChange {
  readonly name: string;
  /** Undefined leaves it. */
  readonly parent: string | null | undefined;
}

export function applyMove(world: World, uuid: string, { name, parent }: ProviderChange): Verdict {
  const before = world.providers.get(uuid);
  if (before === undefined) return refused("404 provider");
  const causes: Cause[] = [];
  if (typeof parent === "string" && !world.providers.has(parent)) causes.push("400 parent");
  if (typeof parent === "string" && isBelow(world, parent, uuid)) causes.push("400 loop");
  if (isNamed(world, name, uuid)) causes.push("409 exists");
  if (causes.length > 0) return refused(...causes);
  const after = { ...before, name, parent: parent === undefined ? before.parent : parent };
  const same = after.name === before.name && after.parent === before.parent;
  const changed = same ? world : withProvider(world, uuid, after);
  // The generation that is answered was read before: it may be older, never newer.
  return { status: 200, world: changed };
}

/** Whether `uuid` is `top` or anywhere below it. */
export function isBelow(world: World, uuid: string, top: string): boolean {
  let at: string | null | undefined = uuid;
  for (let step = 0; at !== null && at !== undefined && step <= world.providers.size; step += 1) {
    if (at === top) return true;
    at = world.providers.get(at)?.parent;
  }
  return false;
}

export function rootOf(world: World, uuid: string): string {
  let at = uuid;
  for (let step = 0; step <= world.providers.size; step += 1) {
    const parent = world.providers.get(at)?.parent;
    if (parent === null || parent === undefined) return at;
    at = parent;
  }
  return at;
}

export function applyDeath(world: World, uuid: string): Verdict {
  if (!world.providers.has(uuid)) return refused("404 provider");
  const causes: Cause[] = [];
  if ([...world.providers.values()].some(({ parent }) => parent === uuid)) {
    causes.push("409 children");
  }
  if (holders(world, uuid).length > 0) causes.push("409 in use");
  if (causes.length > 0) return refused(...causes);
  return { status: 204, world: withProvider(world, uuid, undefined) };
}

/** @param generation undefined: whichever it is (DELETE) */
export function applyTraits(
  world: World,
  uuid: string,
  traits: readonly string[],
  generation: number | undefined,
): Verdict {
  const before = world.providers.get(uuid);
  if (before === undefined) return refused("404 provider");
  const unknown = traits.some((name) => !isTrait(world, name));
  const stale = generation !== undefined && before.generation !== generation;
  if (stale) return refused("409 provider generation");
  if (unknown) return refused("400 trait");
  const wanted = [...new Set(traits)].sort();
  const status = generation === undefined ? 204 : 200;
  if (wanted.join() === before.traits.join()) {
    return { status, world, generation: before.generation };
  }
  const after = { ...before, traits: wanted, generation: before.generation + 1 };
  return { status, world: withProvider(world, uuid, after), generation: after.generation };
}

export function applyAggregates(
  world: World,
  uuid: string,
  aggregates: readonly string[],
  generation: number,
): Verdict {
  const before = world.providers.get(uuid);
  if (before === undefined) return refused("404 provider");
  if (before.generation !== generation) return refused("409 provider generation");
  const after = { ...before, aggregates, generation: generation + 1 };
  return { status: 200, world: withProvider(world, uuid, after), generation: generation + 1 };
}
