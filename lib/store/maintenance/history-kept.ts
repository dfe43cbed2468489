/**
 * Notes since when all changes have their events. Functions of an older release write none, nor do
 * functions for which the history is off; both end the notes, and after a gap in these the history
 * counts as complete from its end on only.
 */
import { HISTORY_KEPT, historyKept, historyKeptOf } from "../items/history-kept.ts";
import type { MaintenanceStore } from "../maintenance-store.ts";
import { absent, equals, set } from "../table/expressions.ts";

/** Milliseconds without a note after which others may have written meanwhile. */
export const GAP = 300_000;
/**
 * Milliseconds for which functions of an older release may write beside the first of this one: the
 * longest gradual rollout takes a hundred minutes.
 */
export const ROLLOUT = 7_200_000;

/** A later note is stored if the stored one is older. */
const STORED_EVERY = 60_000;

export interface HistoryOptions {
  /** For which events are kept; 0: none are written. */
  readonly days: number;
  /** Whether no function but this one writes the table. */
  readonly alone: boolean;
}

export async function noteHistory(
  store: MaintenanceStore,
  { days, alone }: HistoryOptions,
): Promise<void> {
  const { since, seen } = historyKeptOf(await store.get(HISTORY_KEPT));
  const now = store.clock.now();
  const unchanged =
    seen === undefined ? absent(...historyKept.seen) : equals(historyKept.seen, seen);
  if (days === 0) {
    if (seen === undefined) return;
    await store.writeAlone({ kind: "delete", key: HISTORY_KEPT, when: [unchanged] });
    return;
  }
  const goesOn = since !== undefined && seen !== undefined && now - seen <= GAP;
  if (goesOn && now - seen < STORED_EVERY) return;
  const begin = alone ? now : now + ROLLOUT;
  await store.writeAlone({
    kind: "update",
    key: HISTORY_KEPT,
    changes: [set(historyKept.since, goesOn ? since : begin), set(historyKept.seen, now)],
    when: [unchanged],
  });
}
