/** One outcome from the verdicts of all failed conditions. */

import type { Item } from "../table/item.ts";
import type { GuardedWrite, Verdict } from "./guarded-write.ts";

export type Outcome =
  | { readonly kind: "done" }
  | Extract<Verdict, { kind: "replan" }>
  | Extract<Verdict, { kind: "refuse" }>;

/** A guarded write whose condition failed, and the item as it is stored. */
export interface FailedWrite {
  readonly guarded: GuardedWrite;
  readonly old: Item | undefined;
}

/**
 * A wrong generation of the client is reported before anything is planned again, all other
 * refusals after it. A failure without a verdict is planned again too.
 */
export function judge(failures: readonly FailedWrite[]): Outcome {
  const verdicts = failures.flatMap(({ guarded, old }) => guarded.verdict(old) ?? []);
  if (verdicts.some((verdict) => verdict.kind === "applied")) return { kind: "done" };
  const refusals = verdicts
    .filter((verdict) => verdict.kind === "refuse")
    .sort((a, b) => a.rank - b.rank || (a.order ?? 0) - (b.order ?? 0));
  const first = refusals[0];
  if (first !== undefined && first.rank === 0) return first;
  const moved = verdicts.length === 0 || verdicts.some((verdict) => verdict.kind === "replan");
  return moved || first === undefined ? { kind: "replan" } : first;
}
