/** Since when all changes have their events: see `maintenance/history-kept.ts`. */
import type { Item, Key } from "../table/item.ts";
import { attribute, read } from "./attributes.ts";
import { joined } from "./keys.ts";
import { META } from "./table-format.ts";

export const HISTORY_KEPT: Key = { pk: joined(META, "HISTORY"), sk: META };

export const historyKept = {
  /** Milliseconds since 1970: from then on each change has its events. */
  since: attribute<number | undefined>("since"),
  /** Milliseconds since 1970: when a function of a release that writes events last said so. */
  seen: attribute<number | undefined>("seen"),
} as const;

export interface HistoryKept {
  readonly since: number | undefined;
  readonly seen: number | undefined;
}

export function historyKeptOf(item: Item | undefined): HistoryKept {
  if (item === undefined) return { since: undefined, seen: undefined };
  return { since: read(item, historyKept.since), seen: read(item, historyKept.seen) };
}
