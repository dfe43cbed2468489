/**
 * A request divided into slots: each slot takes exactly one provider. A suffixed group is one
 * slot; the unsuffixed group is one slot for each class.
 */
import type { Amounts } from "../inventory.ts";
import type { ClassId } from "../standard-classes.ts";
import { type CandidateQuery, type RequestGroup, UNSUFFIXED } from "./query.ts";

export interface Need {
  readonly id: ClassId;
  /** The index of the class among all requested classes. */
  readonly index: number;
  readonly amount: number;
}

export interface Slot {
  readonly group: RequestGroup;
  readonly suffixed: boolean;
  readonly needs: readonly Need[];
  /** The same by class. */
  readonly amounts: Amounts;
}

export interface Slots {
  readonly slots: readonly Slot[];
  /** All requested classes, each once. */
  readonly classes: readonly ClassId[];
  /** Indices of the classes that at least two slots request. */
  readonly contested: readonly number[];
  /** The slots of each same_subtree of more than one suffix. */
  readonly sameSubtrees: readonly (readonly number[])[];
}

export function slotsOf({ groups, sameSubtrees }: CandidateQuery): Slots {
  const classes = [...new Set(groups.flatMap(({ resources }) => [...resources.keys()]))];
  const slots = groups.flatMap((group): Slot[] => {
    const suffixed = group.suffix !== UNSUFFIXED;
    const needs = Array.from(group.resources, ([id, amount]) => ({
      id,
      index: classes.indexOf(id),
      amount,
    }));
    if (suffixed) return [{ group, suffixed, needs, amounts: group.resources }];
    return needs.map((need) => {
      const amounts = new Map([[need.id, need.amount]]);
      return { group, suffixed, needs: [need], amounts };
    });
  });
  const slotOf = (suffix: string) => slots.findIndex(({ group }) => group.suffix === suffix);
  const asked = slots.flatMap(({ needs }) => needs.map(({ index }) => index));
  return {
    slots,
    classes,
    contested: classes
      .map((_, index) => index)
      .filter((index) => asked.indexOf(index) !== asked.lastIndexOf(index)),
    sameSubtrees: sameSubtrees
      .map((suffixes) => [...new Set(suffixes)].map(slotOf))
      .filter((members) => members.length > 1),
  };
}
