/** What the last verification of the whole table has found: see `maintenance/verify/walk/tally.ts`. */
import type { Item, Key } from "../table/item.ts";
import { attribute, read, stored } from "./attributes.ts";
import { joined } from "./keys.ts";
import { META } from "./table-format.ts";

export const VERIFIED: Key = { pk: joined(META, "VERIFIED"), sk: META };

/** What a walk has counted. */
export interface VerifyTally {
  /** Milliseconds since 1970: when the walk began. */
  readonly since: number;
  /** Items. */
  readonly checked: number;
  /** Findings by the verifier's rule. */
  readonly rules: Readonly<Record<string, number>>;
  /** Of these findings, how many were repaired. */
  readonly repaired: number;
  /** Items of which nothing is certain. */
  readonly unsettled: number;
}

export interface Verified extends VerifyTally {
  /** Milliseconds since 1970: when the walk came to its end. */
  readonly at: number;
}

const verified = {
  at: attribute<number>("at"),
  since: attribute<number>("since"),
  checked: attribute<number>("checked"),
  rules: attribute<VerifyTally["rules"]>("rules"),
  repaired: attribute<number>("repaired"),
  unsettled: attribute<number>("unsettled"),
} as const;

export const verifiedItem = (found: Verified): Item => ({
  ...VERIFIED,
  ...stored(verified, found),
});

export function verifiedOf(item: Item): Verified {
  return {
    at: read(item, verified.at),
    since: read(item, verified.since),
    checked: read(item, verified.checked),
    rules: read(item, verified.rules),
    repaired: read(item, verified.repaired),
    unsettled: read(item, verified.unsettled),
  };
}
