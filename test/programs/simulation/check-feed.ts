/** The feed at the end: it has every event once, those of a life in their order, and nothing else. */
import { eventRef, subjectOfRef } from "../../../lib/store/items/event-ref.ts";
import { feedEntryOf } from "../../../lib/store/items/feed-entry.ts";
import { kindOf } from "../../../lib/store/items/kinds.ts";
import type { Item } from "../../../lib/store/table/item.ts";

/** In words, what is wrong. Items are in the order of their keys; the numbers are the verifier's matter. */
export function brokenFeed(items: readonly Item[]): string[] {
  const told = items.filter((item) => kindOf(item) === "event").map(eventRef);
  const fed = items
    .filter((item) => kindOf(item) === "feed-entry")
    .flatMap((item) => feedEntryOf(item).events);
  const waiting = items.filter((item) => kindOf(item) === "pending-events");
  const times = new Map<string, number>();
  for (const ref of fed) times.set(ref, (times.get(ref) ?? 0) + 1);
  const known = new Set(told);
  return [
    ...waiting.map(({ sk }) => `${sk} waits for the feed`),
    ...told.filter((ref) => !times.has(ref)).map((ref) => `${ref} is not in the feed`),
    ...[...times].flatMap(([ref, count]) =>
      count > 1 ? `${ref} is in the feed ${count} times` : [],
    ),
    ...[...times.keys()]
      .filter((ref) => !known.has(ref))
      .map((ref) => `${ref} is fed, and is no event`),
    ...outOfOrder(fed),
  ];
}

/** A consumer's events of one life sort as they happen. Providers' have no more than a time in common. */
function outOfOrder(fed: readonly string[]): string[] {
  const last = new Map<string, string>();
  const wrong: string[] = [];
  for (const ref of fed) {
    const [, began, life, generation] = ref.split("#");
    if (generation === undefined) continue;
    const lived = `${subjectOfRef(ref)} ${began} ${life}`;
    const before = last.get(lived);
    if (before !== undefined && before > ref) wrong.push(`${ref} is fed after ${before}`);
    last.set(lived, ref);
  }
  return wrong;
}
