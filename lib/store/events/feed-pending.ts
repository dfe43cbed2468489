/** Brings into the feed what changes have left for it, where no stream tells of their events. */
import { guard, replan } from "../changes/guarded-write.ts";
import { subjectOfRef } from "../items/event-ref.ts";
import { PENDING, pendingEventsOf, pendingPlaceOf } from "../items/pending-events.ts";
import type { MaintenanceStore } from "../maintenance-store.ts";
import { exists } from "../table/expressions.ts";
import type { Item } from "../table/item.ts";
import { appendWrites, byPartition } from "./append.ts";

/**
 * Items of one transaction, which has 99 at most, and events: these take an entry of the feed for
 * 50 of them and one more in each partition, and a counter there.
 */
const MAX_ITEMS = 72;
const MAX_EVENTS = 500;

export interface FedReport {
  /** Events that were appended. */
  readonly events: number;
  /** Whether there may be more. */
  readonly more: boolean;
  /** Milliseconds for which the first of them had waited. */
  readonly lag: number;
}

/**
 * Appends the first of them to the feed and removes them, in one transaction: each event is
 * appended once, whatever happens to the feeder.
 * @throws Busy, UnknownOutcome
 */
export function feedPending(store: MaintenanceStore): Promise<FedReport> {
  return store.change(async () => {
    const found = await readPending(store);
    let events = 0;
    const taken = found.slice(0, MAX_ITEMS).filter((item) => {
      if (events >= MAX_EVENTS) return false;
      events += pendingEventsOf(item).events.length;
      return true;
    });
    const appended = taken.flatMap((item) => {
      const { events: named, until } = pendingEventsOf(item);
      return named.map((event) => ({ event, until }));
    });
    const appends = await appendWrites(store, byPartition(appended), { lookBack: 0 });
    const removals = taken.map(({ pk, sk }) => {
      const key = { pk, sk };
      return guard({ kind: "delete", key, when: [exists("pk")] }, () => replan);
    });
    const first = taken[0] && pendingPlaceOf(taken[0]);
    const lag = first === undefined ? 0 : Math.max(0, store.clock.now() - first.time);
    const more = taken.length < found.length || found.length >= MAX_ITEMS;
    return { writes: [...appends, ...removals], result: { events, more, lag } };
  });
}

/**
 * The first ones, in their order, and whatever comes before one of them for a subject of it. One
 * query may show an item and not yet another one that was committed earlier; a second query, begun
 * after the first, shows all that were committed before what the first has shown.
 */
async function readPending(store: MaintenanceStore): Promise<Item[]> {
  const first = await store.query(PENDING, { limit: MAX_ITEMS });
  const last = first.at(-1);
  if (last === undefined) return [];
  const seen = new Set(first.map(({ sk }) => sk));
  const second = await store.query(PENDING, { until: last.sk });
  const subjects = new Set<string>();
  const taken = second.reverse().filter((item) => {
    const own = pendingEventsOf(item).events.map(subjectOfRef);
    if (!seen.has(item.sk) && !own.some((each) => subjects.has(each))) return false;
    for (const each of own) subjects.add(each);
    return true;
  });
  return taken.reverse();
}
