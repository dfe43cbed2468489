/** The reshaper. */
import {
  type Cause,
  type Inventory,
  isClass,
  type Provider,
  refused,
  used,
  type Verdict,
  type World,
} from "../world.ts";
import { type Claim, claimBody, claimed, faults, raisedBy } from "./claims.ts";

export interface NewInventories {
  readonly provider: string;
  readonly generation: number;
  readonly inventories: Readonly<Record<string, Inventory>>;
}

export interface Reshape {
  readonly inventories: readonly NewInventories[];
  readonly claims: readonly Claim[];
}

export function reshapeBody({ inventories, claims }: Reshape) {
  return {
    inventories: Object.fromEntries(
      inventories.map((each) => [
        each.provider,
        { resource_provider_generation: each.generation, inventories: each.inventories },
      ]),
    ),
    allocations: Object.fromEntries(claims.map((claim) => [claim.consumer, claimBody(claim)])),
  };
}

export function applyReshape(world: World, { inventories, claims }: Reshape): Verdict {
  const first = new Set<Cause>();
  for (const { provider, generation } of inventories) {
    const known = world.providers.get(provider);
    if (known === undefined) first.add("400 provider");
    else if (known.generation !== generation) first.add("409 provider generation");
  }
  const stale = claims.some(({ consumer, generation }) => {
    const actual = world.consumers.get(consumer)?.generation ?? null;
    return generation !== undefined && generation !== actual;
  });
  // Of two stale generations, the one that is checked first is reported.
  if (stale) first.add("409 consumer generation");
  if (first.size > 0) return refused(...first);
  const causes = new Set<Cause>(faults(world, claims, during(world, inventories)));
  for (const { inventories: wanted } of inventories) {
    if (Object.keys(wanted).some((name) => !isClass(world, name))) causes.add("400 class");
  }
  const after = reshaped(world, { inventories, claims });
  for (const { provider, inventories: wanted } of inventories) {
    const old = world.providers.get(provider)?.inventories ?? {};
    const gone = Object.keys(old).filter((name) => !(name in wanted));
    if (gone.some((name) => used(after, provider, name) > 0)) causes.add("409 in use");
  }
  return causes.size > 0 ? refused(...causes) : { status: 204, world: after };
}

/** New inventories, and the old ones of classes that are about to be removed. */
function during(world: World, changes: readonly NewInventories[]): Map<string, Provider> {
  const providers = new Map(world.providers);
  for (const { provider, inventories } of changes) {
    const known = providers.get(provider);
    if (known === undefined) continue;
    providers.set(provider, { ...known, inventories: { ...known.inventories, ...inventories } });
  }
  return providers;
}

function reshaped(world: World, { inventories, claims }: Reshape): World {
  const raised = raisedBy(world, claims);
  const after = claimed(world, claims);
  const providers = new Map(after.providers);
  for (const { provider, inventories: wanted } of inventories) {
    const known = world.providers.get(provider);
    if (known === undefined) continue;
    const rises = (Object.keys(wanted).length === 0 ? 1 : 2) + (raised.has(provider) ? 1 : 0);
    const generation = known.generation + rises;
    providers.set(provider, { ...known, inventories: wanted, generation });
  }
  return { ...after, providers };
}
