/** The guarded writes of the providers whose allocations change. */
import type { ClassClaim, ProviderChange } from "../../model/claim.ts";
import { claimFault, measuresOf } from "../../model/inventory.ts";
import type { ProviderState } from "../../model/provider.ts";
import { AllocationProviderNotFound, claimRefused } from "../../model/refusals/consumers.ts";
import type { ClassId } from "../../model/standard-classes.ts";
import type { Uuid } from "../../model/uuid.ts";
import {
  type GuardedWrite,
  guard,
  RANK,
  refuse,
  replan,
  type Verdict,
} from "../changes/guarded-write.ts";
import { hot, hotKey, stateOf } from "../items/hot.ts";
import {
  add,
  atLeast,
  atMost,
  type Change,
  type Clause,
  equals,
  exists,
  set,
} from "../table/expressions.ts";
import { DamagedRecords } from "../table/refusals.ts";

/** Step sizes other than 1, learned from refused attempts: provider to class to step size. */
export type KnownSteps = Map<Uuid, Map<ClassId, number>>;

export interface ClaimContext {
  readonly steps: KnownSteps;
  readonly nameOf: (id: ClassId) => string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The profile that each provider has to have still; undefined: any. */
  readonly profiles?: ReadonlyMap<Uuid, number> | undefined;
}

/** Updates the provider's use and free capacity and, if the request names it, its generation. */
export function providerWrite(change: ProviderChange, context: ClaimContext): GuardedWrite {
  const changes: Change[] = [add(hot.revision, 1), set(hot.updated, context.now)];
  const when: Clause[] = [exists(...hot.generation)];
  const profile = context.profiles?.get(change.provider);
  if (profile !== undefined) when.push(equals(hot.profileVersion, profile));
  if (change.raisesGeneration) changes.push(add(hot.generation, 1));
  if (change.consumers !== 0) changes.push(add(hot.consumers, change.consumers));
  for (const [id, { difference, claims }] of change.classes) {
    if (difference !== 0)
      changes.push(add(hot.used(id), difference), add(hot.free(id), -difference));
    const known = context.steps.get(change.provider)?.get(id) ?? 1;
    const clauses = [...roomClauses(id, difference), ...unitClauses(id, claims, known)];
    // Any other clause implies that the inventory exists: an expression holds a limited number of
    // operators.
    when.push(...(clauses.length === 0 ? [exists(...hot.free(id))] : clauses));
  }
  return guard({ kind: "update", key: hotKey(change.provider), changes, when }, (old) => {
    if (old === undefined) return unknownProvider(change);
    return providerVerdict(change, stateOf(old), context);
  });
}

/** Clauses that hold while the use of the class can change by `difference`. */
function roomClauses(id: ClassId, difference: number): Clause[] {
  if (difference > 0) return [atLeast(hot.free(id), difference)];
  return difference < 0 ? [atLeast(hot.used(id), -difference)] : [];
}

/**
 * The checks of `measuresOf` for all `claims` on the class at once.
 * @param known the step size that was last read; the amounts may differ by now
 */
function unitClauses(id: ClassId, claims: readonly ClassClaim[], known: number): Clause[] {
  const amounts = (measure: "units" | "maxUnit") =>
    claims.filter((claim) => measuresOf(claim)[measure]).map(({ amount }) => amount);
  const [changed, raised] = [amounts("units"), amounts("maxUnit")];
  // Amounts that are not multiples must not pass: a condition on step size 1 fails, and its
  // verdict gives the reason.
  const step = changed.every((amount) => amount % known === 0) ? known : 1;
  return [
    ...(raised.length > 0 ? [atLeast(hot.maxUnit(id), Math.max(...raised))] : []),
    ...(changed.length > 0 ? [atMost(hot.minUnit(id), Math.min(...changed))] : []),
    ...(changed.length > 0 ? [equals(hot.stepSize(id), step)] : []),
  ];
}

function unknownProvider(change: ProviderChange): Verdict {
  const orders = [...change.classes.values()].flatMap(({ claims }) => claims.map((c) => c.order));
  const { provider } = change;
  if (orders.length === 0) return refuse(new DamagedRecords(`no provider ${provider}`));
  return refuse(
    new AllocationProviderNotFound(provider),
    RANK.unknownProvider,
    Math.min(...orders),
  );
}

function providerVerdict(
  change: ProviderChange,
  now: ProviderState,
  { steps, nameOf }: { steps: KnownSteps; nameOf: (id: ClassId) => string },
): Verdict {
  const faults: { order: number; verdict: Verdict }[] = [];
  for (const [id, { difference, claims }] of change.classes) {
    const inventory = now.inventories.get(id);
    for (const claim of claims) {
      const fault = claimFault(inventory, claim, difference);
      if (fault === undefined) continue;
      const refusal = claimRefused(fault, nameOf(id), change.provider);
      faults.push({ order: claim.order, verdict: refuse(refusal, RANK.rule, claim.order) });
    }
    if (difference < 0 && (inventory?.used ?? 0) < -difference) {
      const what = `use of ${nameOf(id)} on provider ${change.provider}`;
      faults.push({ order: Number.MAX_SAFE_INTEGER, verdict: refuse(new DamagedRecords(what)) });
    }
  }
  faults.sort((a, b) => a.order - b.order);
  const first = faults[0];
  if (first !== undefined) return first.verdict;
  steps.set(
    change.provider,
    new Map([...change.classes.keys()].map((id) => [id, now.inventories.get(id)?.stepSize ?? 1])),
  );
  return replan;
}
