/** Claims by query, of one class from one provider for each consumer. */
import type { Answer } from "../operation.ts";
import type { Commit } from "../table.ts";
import { type Cause, capacity, isIdle, refused, used, type Verdict, type World } from "../world.ts";
import { applyClaims, type Claim } from "./claims.ts";

export interface QueryClaim {
  /** What they are to hold is still to be found. */
  readonly consumers: readonly Omit<Claim, "allocations">[];
  readonly name: string;
  readonly amount: number;
}

const NONE: Cause = "409 candidates";

export function queryBody({ consumers, name, amount }: QueryClaim) {
  return {
    consumers: consumers.map(({ consumer, generation, project, user, type }) => ({
      uuid: consumer,
      project_id: project,
      user_id: user,
      ...(generation === null ? {} : { consumer_generation: generation }),
      ...(type === undefined ? {} : { consumer_type: type }),
    })),
    alternatives: [{ query: `resources=${name}:${amount}` }],
  };
}

/** @param commit by whose look-up items it is known which providers were found */
export function applyQueryClaim(world: World, given: QueryClaim, commit?: Commit): Verdict {
  const causes = given.consumers.flatMap(({ consumer, generation }): Cause[] => {
    const actual = world.consumers.get(consumer);
    if ((actual?.generation ?? null) !== generation) return ["409 consumer generation"];
    return actual === undefined || isIdle(actual) ? [] : ["409 holds"];
  });
  if (causes.length > 0) return refused(...causes);
  if (commit === undefined) {
    // Whatever it would make, it makes another world.
    return isMissing(given, [world]) ? refused(NONE) : { status: 201, world: { ...world } };
  }
  const found = foundBy(commit);
  const claims = given.consumers.map((each): Claim => {
    const held = [...(found.get(each.consumer) ?? [])].map((provider) => [
      provider,
      { [given.name]: given.amount },
    ]);
    return { ...each, allocations: Object.fromEntries(held) };
  });
  if (claims.some(({ allocations }) => Object.keys(allocations).length !== 1)) {
    return refused("500 not one provider for each consumer");
  }
  const verdict = applyClaims(world, claims);
  return "world" in verdict ? { ...verdict, status: 201 } : verdict;
}

/** A snapshot has each provider as it was at a moment of its own. */
export function isFairQueryRefusal(
  cause: Cause,
  given: QueryClaim,
  worlds: readonly World[],
): boolean | undefined {
  return cause === NONE ? isMissing(given, worlds) : undefined;
}

export function tellsQueryClaim({ body }: Answer, commit: Commit): boolean {
  const found = foundBy(commit);
  return body.consumers.every(
    ({ uuid, allocations }: { uuid: string; allocations: object }) =>
      Object.keys(allocations).join() === [...(found.get(uuid) ?? [])].join(),
  );
}

/** Providers by consumer. */
function foundBy({ keys }: Commit): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { pk, sk } of keys) {
    const [kind, provider = ""] = pk.split("#");
    const [, consumer = ""] = sk.split("#");
    if (kind !== "ALLOCATIONS") continue;
    found.set(consumer, new Set([...(found.get(consumer) ?? []), provider]));
  }
  return found;
}

/** Whether too few places are left, if each provider is as full as in any of `worlds`. */
function isMissing(given: QueryClaim, worlds: readonly World[]): boolean {
  const providers = new Set(worlds.flatMap((world) => [...world.providers.keys()]));
  let left = 0;
  for (const uuid of providers) {
    left += Math.min(...worlds.map((world) => placesOn(world, uuid, given)));
  }
  return left < given.consumers.length;
}

function placesOn(world: World, uuid: string, { name, amount }: QueryClaim): number {
  const inventory = world.providers.get(uuid)?.inventories[name];
  if (inventory === undefined) return 0;
  const { min_unit: min, max_unit: max, step_size: step } = inventory;
  if (amount < min || amount > max || amount % step !== 0) return 0;
  return Math.max(0, Math.floor((capacity(inventory) - used(world, uuid, name)) / amount));
}
