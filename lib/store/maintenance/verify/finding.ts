/** What the verifier reports: one contradiction, and the items that make it. */
import type { Key } from "../../table/item.ts";

/** What is broken. Each is described in docs/reliability.md, with its repair. */
export type RuleName =
  /** An item that cannot be read as what its key says, or a number that is none. */
  | "malformed"
  /** An item of no known kind, or under a key that its content does not lead to. */
  | "misplaced"
  | "generation"
  | "provider-half"
  | "profile-version"
  | "use"
  | "held-without-inventory"
  | "unknown-id"
  | "name-guard"
  | "name-orphan"
  | "tree-names"
  | "tree-lacks"
  | "tree-shape"
  | "amounts"
  | "consumer-lookup"
  | "spelling"
  | "lookup-orphan"
  | "name-ids"
  | "name-users"
  | "head"
  | "mark-orphan"
  | "gate-orphan"
  | "change-left"
  | "page-orphan";

export interface Finding {
  readonly rule: RuleName;
  /** A sentence for people. */
  readonly what: string;
  /** The item that was looked at first, then those that it contradicts. */
  readonly items: readonly Key[];
}

export function finding(rule: RuleName, what: string, ...items: readonly Key[]): Finding {
  return { rule, what, items: items.map(({ pk, sk }) => ({ pk, sk })) };
}
