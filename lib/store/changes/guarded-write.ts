/**
 * A guarded write is an action, its condition, and what a failed condition
 * means. They are declared together, so that no failed write is guessed at.
 */
import type { Refusal } from "../../model/refusal.ts";
import type { Write } from "../table/expressions.ts";
import type { Item } from "../table/item.ts";

/** What a failed condition means, from the old item that DynamoDB returns. */
export type Verdict =
  /** The item is as this write leaves it: an earlier attempt of ours did it. */
  | { readonly kind: "applied" }
  /** What was read has moved: read and plan again. */
  | { readonly kind: "replan" }
  /** The client's error. Among several the lowest `rank` is told, then the lowest `order`. */
  | {
      readonly kind: "refuse";
      readonly refusal: Refusal;
      readonly rank: Rank;
      readonly order?: number;
    };

/** Which refusal is told first where several conditions failed. */
export const RANK = {
  /** The generation that the client named; it comes even before planning again. */
  generation: 0,
  unknownProvider: 1,
  rule: 2,
} as const;
export type Rank = (typeof RANK)[keyof typeof RANK];

export interface GuardedWrite {
  readonly write: Write;
  /** Undefined: this write was not the reason. `old` is undefined where there is no item. */
  verdict(old: Item | undefined): Verdict | undefined;
}

export const replan: Verdict = { kind: "replan" };
export const applied: Verdict = { kind: "applied" };

export function refuse(refusal: Refusal, rank: Rank = RANK.rule, order?: number): Verdict {
  return { kind: "refuse", refusal, rank, ...(order === undefined ? {} : { order }) };
}

export function guard(
  write: Write,
  verdict: (old: Item | undefined) => Verdict | undefined,
): GuardedWrite {
  return { write, verdict };
}
