/** Writes of allocations. */
import { isDeepStrictEqual } from "node:util";
import {
  type Amounts,
  type Cause,
  type Consumer,
  capacity,
  type Held,
  type Inventory,
  isClass,
  type Provider,
  refused,
  used,
  type Verdict,
  type World,
} from "../world.ts";

export interface Claim {
  readonly consumer: string;
  /** Undefined: below 1.28 none is named. */
  readonly generation: number | null | undefined;
  readonly project: string;
  readonly user: string;
  readonly type: string | undefined;
  readonly allocations: Held;
}

export function claimBody({ generation, project, user, type, allocations }: Claim) {
  const held = Object.entries(allocations).map(([provider, resources]) => [
    provider,
    { resources },
  ]);
  return {
    allocations: Object.fromEntries(held),
    project_id: project,
    user_id: user,
    ...(generation === undefined ? {} : { consumer_generation: generation }),
    ...(type === undefined ? {} : { consumer_type: type }),
  };
}

/** All of `claims` at once, all or none. */
export function applyClaims(world: World, claims: readonly Claim[]): Verdict {
  const stale = claims.filter(({ consumer, generation }) => {
    const actual = world.consumers.get(consumer)?.generation ?? null;
    return generation !== undefined && generation !== actual;
  });
  if (stale.length > 0) return refused("409 consumer generation");
  const causes = faults(world, claims, world.providers);
  if (causes.length > 0) return refused(...causes);
  return { status: 204, world: claimed(world, claims) };
}

/** @param providers with the inventories that are to be claimed from */
export function faults(
  world: World,
  claims: readonly Claim[],
  providers: ReadonlyMap<string, Provider>,
): Cause[] {
  const causes = new Set<Cause>();
  for (const { consumer, allocations } of claims) {
    const held = world.consumers.get(consumer)?.allocations;
    for (const [uuid, amounts] of Object.entries(allocations)) {
      const provider = providers.get(uuid);
      if (provider === undefined) causes.add("400 provider");
      for (const [name, amount] of Object.entries(amounts)) {
        if (!isClass(world, name)) causes.add("400 class");
        const inventory = provider?.inventories[name];
        if (provider !== undefined && inventory === undefined) causes.add("409 missing inventory");
        if (inventory === undefined) continue;
        // What a reshape changes is measured by every amount, as new.
        const stays = isDeepStrictEqual(world.providers.get(uuid)?.inventories[name], inventory);
        const before = stays ? (held?.[uuid]?.[name] ?? 0) : 0;
        if (isBeyondUnits(amount, before, inventory)) causes.add("409 units");
        const rise = riseOf(world, claims, { provider: uuid, name });
        const free = capacity(inventory) - used(world, uuid, name);
        if (rise > 0 && rise > free) causes.add("409 capacity");
      }
    }
  }
  return [...causes];
}

/** What stays is not measured; what is lowered may be above max_unit. */
function isBeyondUnits(amount: number, before: number, inventory: Inventory): boolean {
  const { min_unit: min, max_unit: max, step_size: step } = inventory;
  if (amount === before) return false;
  return amount < min || (amount > before && amount > max) || amount % step !== 0;
}

function riseOf(
  world: World,
  claims: readonly Claim[],
  { provider, name }: { readonly provider: string; readonly name: string },
): number {
  let rise = 0;
  for (const { consumer, allocations } of claims) {
    const before = world.consumers.get(consumer)?.allocations[provider]?.[name] ?? 0;
    rise += (allocations[provider]?.[name] ?? 0) - before;
  }
  return rise;
}

/** The world after claims that are in order. */
export function claimed(world: World, claims: readonly Claim[]): World {
  const nothing = claims.every(
    ({ consumer, allocations }) =>
      !world.consumers.has(consumer) && Object.keys(allocations).length === 0,
  );
  if (nothing) return world;
  const consumers = new Map(world.consumers);
  for (const claim of claims) {
    const after = consumerAfter(world.consumers.get(claim.consumer), claim);
    if (after === undefined) consumers.delete(claim.consumer);
    else consumers.set(claim.consumer, after);
  }
  const providers = new Map(world.providers);
  for (const uuid of raisedBy(world, claims)) {
    const provider = providers.get(uuid);
    if (provider === undefined) continue;
    providers.set(uuid, { ...provider, generation: provider.generation + 1 });
  }
  return { ...world, consumers, providers };
}

function consumerAfter(before: Consumer | undefined, claim: Claim): Consumer | undefined {
  if (Object.keys(claim.allocations).length === 0) return undefined;
  return {
    generation: (before?.generation ?? 0) + 1,
    project: claim.project,
    user: claim.user,
    type: claim.type ?? before?.type ?? null,
    allocations: claim.allocations,
  };
}

/** Every provider that is named, and those that a consumer is emptied from. */
export function raisedBy(world: World, claims: readonly Claim[]): Set<string> {
  return new Set(
    claims.flatMap(({ consumer, allocations }) => {
      const named = Object.keys(allocations);
      if (named.length > 0) return named;
      return Object.keys(world.consumers.get(consumer)?.allocations ?? {});
    }),
  );
}

export function applyRelease(world: World, consumer: string): Verdict {
  const before = world.consumers.get(consumer);
  if (before === undefined || Object.keys(before.allocations).length === 0) {
    return refused("404 consumer");
  }
  const consumers = new Map(world.consumers);
  consumers.delete(consumer);
  return { status: 204, world: { ...world, consumers } };
}

export function sumOf(parts: readonly Amounts[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const part of parts) {
    for (const [name, amount] of Object.entries(part)) sums[name] = (sums[name] ?? 0) + amount;
  }
  return sums;
}
