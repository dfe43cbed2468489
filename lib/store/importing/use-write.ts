/** The write of a provider on which imported consumers hold something. */
import type { ClassChange, ProviderChange } from "../../model/claim.ts";
import type { ProviderState } from "../../model/provider.ts";
import {
  AllocationProviderNotFound,
  ClaimExceedsCapacity,
  ClaimWithoutInventory,
} from "../../model/refusals/consumers.ts";
import type { ClassId } from "../../model/standard-classes.ts";
import { type GuardedWrite, guard, RANK, refuse, replan } from "../changes/guarded-write.ts";
import { hot, hotKey, stateOf } from "../items/hot.ts";
import { add, atLeast, type Change, type Clause, exists, set } from "../table/expressions.ts";
import { DamagedRecords } from "../table/refusals.ts";

export interface UseContext {
  /** Whether more than the capacity may be used. */
  readonly asIs: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
  nameOf(id: ClassId): string;
}

/**
 * Changes the use of a provider. Its generation stays: an import sets it by itself. Sizes of
 * single amounts are not checked: what is held was claimed under other limits. None if the use
 * stays.
 */
export function useWrites(change: ProviderChange, context: UseContext): GuardedWrite[] {
  const classes = [...change.classes].filter(([, { difference }]) => difference !== 0);
  if (classes.length === 0 && change.consumers === 0) return [];
  const changes: Change[] = [add(hot.revision, 1), set(hot.updated, context.now)];
  if (change.consumers !== 0) changes.push(add(hot.consumers, change.consumers));
  const when: Clause[] = [exists(...hot.generation)];
  for (const [id, { difference }] of classes) {
    changes.push(add(hot.used(id), difference), add(hot.free(id), -difference));
    when.push(clauseOf(id, difference, context));
  }
  const write = { kind: "update", key: hotKey(change.provider), changes, when } as const;
  return [
    guard(write, (old) => {
      if (old === undefined) {
        return refuse(new AllocationProviderNotFound(change.provider), RANK.unknownProvider);
      }
      const refusal = refusalOf(stateOf(old), classes, context);
      return refusal === undefined ? replan : refuse(refusal);
    }),
  ];
}

function clauseOf(id: ClassId, difference: number, { asIs }: UseContext): Clause {
  if (difference < 0) return atLeast(hot.used(id), -difference);
  return asIs ? exists(...hot.free(id)) : atLeast(hot.free(id), difference);
}

function refusalOf(
  { uuid, inventories }: ProviderState,
  classes: readonly (readonly [ClassId, ClassChange])[],
  { asIs, nameOf }: UseContext,
) {
  for (const [id, { difference }] of classes) {
    const inventory = inventories.get(id);
    if (difference < 0 && (inventory?.used ?? 0) < -difference) {
      return new DamagedRecords(`use of ${nameOf(id)} on provider ${uuid}`);
    }
    if (inventory === undefined) return new ClaimWithoutInventory(nameOf(id), uuid);
    if (!asIs && difference > inventory.free) return new ClaimExceedsCapacity(nameOf(id), uuid);
  }
  return undefined;
}
