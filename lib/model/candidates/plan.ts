/** A query prepared for the search of one snapshot. */
import { NONE } from "../snapshot/columns.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { Anchors } from "./anchor.ts";
import { MAX_SETS } from "./cover.ts";
import type { CandidateQuery } from "./query.ts";
import { UNSUFFIXED } from "./query.ts";
import { type Slots, slotsOf } from "./slots.ts";

/** Some of the trait sets that the unsuffixed group requires, as bits. */
export interface CoverPlan {
  readonly sets: number;
  /** Which of the sets the provider of a row has. */
  maskOf(row: number): number;
}

export interface SearchPlan extends Slots {
  readonly snapshot: Snapshot;
  readonly query: CandidateQuery;
  readonly isolate: boolean;
  readonly covers: readonly CoverPlan[];
  readonly anchors: Anchors;
}

export function planOf(snapshot: Snapshot, query: CandidateQuery): SearchPlan {
  const slots = slotsOf(query);
  return {
    snapshot,
    query,
    ...slots,
    isolate: query.groupPolicy === "isolate" && slots.slots.filter(isSuffixed).length > 1,
    covers: coversOf(snapshot, query),
    anchors: new Anchors(snapshot, query, slots),
  };
}

const isSuffixed = ({ suffixed }: Slots["slots"][number]) => suffixed;

function coversOf(snapshot: Snapshot, { groups }: CandidateQuery): CoverPlan[] {
  const group = groups.find(({ suffix }) => suffix === UNSUFFIXED);
  const wanted = group?.traits.anyOf ?? [];
  const covers: CoverPlan[] = [];
  for (let from = 0; from < wanted.length; from += MAX_SETS) {
    covers.push(coverPlan(snapshot, wanted.slice(from, from + MAX_SETS)));
  }
  return covers;
}

function coverPlan(snapshot: Snapshot, wanted: readonly (readonly number[])[]): CoverPlan {
  const { traitSets } = snapshot.interned;
  const { traits } = snapshot.columns;
  const masks = new Map<number, number>();
  return {
    sets: wanted.length,
    maskOf(row) {
      const set = traits[row] ?? NONE;
      let mask = masks.get(set);
      if (mask === undefined) {
        mask = 0;
        for (const [bit, some] of wanted.entries()) {
          if (some.some((id) => traitSets.has(set, id))) mask |= 2 ** bit;
        }
        masks.set(set, mask);
      }
      return mask;
    },
  };
}
