/** When leases were last swept: what tells a release in time from the time after an outage. */
import type { Item, Key } from "../table/item.ts";
import { attribute, read } from "./attributes.ts";
import { joined } from "./keys.ts";
import { META } from "./table-format.ts";

export const LEASE_SWEEP: Key = { pk: joined(META, "LEASES"), sk: META };

export const leaseSweep = {
  /** Milliseconds since 1970: the last sweep that came to its end. */
  swept: attribute<number | undefined>("swept"),
  /** Milliseconds since 1970: nothing is released before it. */
  held: attribute<number | undefined>("held"),
} as const;

export interface LeaseSweep {
  readonly swept: number | undefined;
  readonly held: number | undefined;
}

export function leaseSweepOf(item: Item | undefined): LeaseSweep {
  if (item === undefined) return { swept: undefined, held: undefined };
  return { swept: read(item, leaseSweep.swept), held: read(item, leaseSweep.held) };
}
