/** The events at the end: every life is told from its beginning to its end, or to what is stored. */
import type { RecordedEvent } from "../../../lib/model/history/event.ts";
import { consumerOf } from "../../../lib/store/items/consumer.ts";
import { eventOf } from "../../../lib/store/items/event.ts";
import { isHot } from "../../../lib/store/items/hot.ts";
import { kindOf } from "../../../lib/store/items/kinds.ts";
import { providerOf } from "../../../lib/store/items/shard.ts";
import type { Item } from "../../../lib/store/table/item.ts";

/** In words, what is wrong. Items are in the order of their keys. */
export function brokenEvents(items: readonly Item[]): string[] {
  const events = items.filter((item) => kindOf(item) === "event").map(eventOf);
  return [...brokenLives(items, events), ...brokenProviders(items, events)];
}

function brokenLives(items: readonly Item[], events: readonly RecordedEvent[]): string[] {
  const lives = new Map<string, RecordedEvent[]>();
  for (const event of events) {
    if (event.life === null) continue;
    const life = `${event.subject} ${event.life}`;
    lives.set(life, [...(lives.get(life) ?? []), event]);
  }
  const stored = new Map<string, number>(
    items
      .filter((item) => kindOf(item) === "consumer")
      .map(consumerOf)
      .map(({ uuid, incarnation, generation }) => [`${uuid} ${incarnation}`, generation] as const),
  );
  const broken: string[] = [];
  for (const life of new Set([...lives.keys(), ...stored.keys()])) {
    const told = (lives.get(life) ?? []).map(stepOf);
    const end = stored.get(life) ?? null;
    if (!isWhole(told, end)) {
      const words = told.map(([from, to]) => `${from}>${to}`).join(" ");
      broken.push(`life ${life} is told as ${words || "nothing"}, and stands at ${end}`);
    }
  }
  return broken;
}

type Step = readonly [from: number | null, to: number | null];

/** A confirmed lease is no step. */
const stepOf = ({ generationBefore, generationAfter }: RecordedEvent): Step => [
  generationBefore,
  generationAfter,
];

function isWhole(told: readonly Step[], end: number | null): boolean {
  let at: number | null = null;
  for (const [index, [from, to]] of told.entries()) {
    if (from !== at || (index > 0 && at === null)) return false;
    const isStep =
      from === null ? to === 0 || to === 1 : to === null || to === from + 1 || to === from;
    if (!isStep) return false;
    at = to;
  }
  return told.length > 0 && at === end;
}

/** A provider is created once more than it is deleted, if it is there. */
function brokenProviders(items: readonly Item[], events: readonly RecordedEvent[]): string[] {
  const counts = new Map<string, number>();
  for (const { subject, event } of events) {
    const by =
      Number(event === "placement.resource_provider.create") -
      Number(event === "placement.resource_provider.delete");
    if (by !== 0) counts.set(subject, (counts.get(subject) ?? 0) + by);
  }
  const there = new Set<string>(items.filter(isHot).map(providerOf));
  return [...new Set([...counts.keys(), ...there])].flatMap((uuid) => {
    const count = counts.get(uuid) ?? 0;
    return count === Number(there.has(uuid))
      ? []
      : `provider ${uuid} is told to be there ${count} times`;
  });
}
