/** The result of the verifier: one contradiction, and the items that contradict each other. */
import type { Key } from "../../table/item.ts";

/** The verifier rules. docs/reliability.md describes each, with its repair. */
export type RuleName =
  /** An item that cannot be decoded as its key requires, or with an invalid number. */
  | "malformed"
  /** An item of an unknown kind, or under a key that differs from the one its content requires. */
  | "misplaced"
  | "generation"
  | "provider-half"
  | "profile-version"
  | "profile-page"
  | "use"
  | "held-without-inventory"
  | "unknown-id"
  | "name-guard"
  | "name-orphan"
  | "tree-names"
  | "tree-lacks"
  | "tree-shape"
  | "amounts"
  | "lease"
  | "consumer-lookup"
  | "spelling"
  | "lookup-orphan"
  | "name-ids"
  | "name-users"
  | "head"
  | "feed"
  | "mark-orphan"
  | "gate-orphan"
  | "change-left"
  | "page-orphan";

export interface Finding {
  readonly rule: RuleName;
  /** A sentence for operators. */
  readonly what: string;
  /** The checked item first, then the items that it contradicts. */
  readonly items: readonly Key[];
}

export function finding(rule: RuleName, what: string, ...items: readonly Key[]): Finding {
  return { rule, what, items: items.map(({ pk, sk }) => ({ pk, sk })) };
}
