/**
 * A guarded write: an action, its condition, and the meaning of a failed condition, declared
 * together, so that every failed write has a definite meaning.
 */
import type { Refusal } from "../../model/refusal.ts";
import type { Write } from "../table/expressions.ts";
import type { Item } from "../table/item.ts";

/** The meaning of a failed condition, from the old item that DynamoDB returns. */
export type Verdict =
  /** The item is as this write leaves it: an earlier attempt of this request wrote it. */
  | { readonly kind: "applied" }
  /** What was read has changed: read and plan again. */
  | { readonly kind: "replan" }
  /**
   * The client's error. Of several, the one with the lowest `rank` is reported, then the
   * lowest `order`.
   */
  | {
      readonly kind: "refuse";
      readonly refusal: Refusal;
      readonly rank: Rank;
      readonly order?: number;
    };

/** Which refusal is reported first if several conditions failed. */
export const RANK = {
  /** The generation that the client named; reported even before planning again. */
  generation: 0,
  unknownProvider: 1,
  rule: 2,
} as const;
export type Rank = (typeof RANK)[keyof typeof RANK];

export interface GuardedWrite {
  readonly write: Write;
  /** Undefined: the old item does not explain the failure. `old` is undefined without an item. */
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
