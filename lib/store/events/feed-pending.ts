/** Brings into the feed what changes have left for it, where no stream tells of their events. */
import { type GuardedWrite, guard, replan } from "../changes/guarded-write.ts";
import type { PendingWrites } from "../history/pending-writes.ts";
import type { MaintenanceStore } from "../maintenance-store.ts";
import { exists } from "../table/expressions.ts";
import { appendWrites, byPartition } from "./append.ts";
import { decideNotes, takenWrite } from "./feed-notes.ts";
import { type LeftEvents, MAX_ITEMS, readLeft } from "./read-left.ts";

const MAX_EVENTS = 500;

export interface FedReport {
  /** Events that were appended. */
  readonly events: number;
  /** Whether there may be more. */
  readonly more: boolean;
  /** Milliseconds for which the first of them had waited. */
  readonly lag: number;
}

interface Fed extends FedReport {
  /** Notes up to this number were taken. */
  readonly upTo: number;
}

/**
 * Appends the first of them to the feed and removes them, in one transaction: each event is
 * appended once, whatever happens to the feeder.
 * @param pending of this process, whose notes are taken; default: only items are
 * @throws Busy, UnknownOutcome
 */
export async function feedPending(
  store: MaintenanceStore,
  pending?: PendingWrites,
): Promise<FedReport> {
  const attempts = pending?.attempts;
  if (attempts !== undefined) await decideNotes(store, attempts);
  const { upTo, ...report } = await store.change(() => planned(store, pending));
  attempts?.notes.taken(upTo);
  return report;
}

async function planned(store: MaintenanceStore, pending: PendingWrites | undefined) {
  const found = await readLeft(store, pending);
  const taken = firstOf(found.left);
  const appended = taken.flatMap(({ events: { events, until } }) =>
    events.map((event) => ({ event, until })),
  );
  const appends = await appendWrites(store, byPartition(appended), { lookBack: 0 });
  const writes: GuardedWrite[] = [...appends, ...taken.flatMap(removal)];
  const upTo = taken.findLast(({ item }) => item === undefined)?.place.number ?? 0;
  if (upTo > 0 && pending?.attempts !== undefined) {
    writes.push(takenWrite(pending.attempts, found.waiting, upTo));
  }
  const [first] = taken;
  const lag = first === undefined ? 0 : Math.max(0, store.clock.now() - first.place.time);
  const more = found.more || taken.length < found.left.length;
  return { writes, result: { events: appended.length, more, lag, upTo } satisfies Fed };
}

/** As many as one transaction appends. */
function firstOf(left: readonly LeftEvents[]): LeftEvents[] {
  let [events, items] = [0, 0];
  const past = left.findIndex(({ item, events: named }) => {
    if (events >= MAX_EVENTS || items >= MAX_ITEMS) return true;
    events += named.events.length;
    if (item !== undefined) items += 1;
    return false;
  });
  return left.slice(0, past < 0 ? left.length : past);
}

function removal({ item }: LeftEvents): GuardedWrite[] {
  if (item === undefined) return [];
  const { pk, sk } = item;
  const write = { kind: "delete", key: { pk, sk }, when: [exists("pk")] } as const;
  return [guard(write, () => replan)];
}
