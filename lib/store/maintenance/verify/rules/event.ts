/** Events: each tells of a change, alone. That one is missing is no finding: they expire. */
import { CAUSES, CONSUMER_EVENTS, PROVIDER_EVENTS } from "../../../../model/history/event.ts";
import { read } from "../../../items/attributes.ts";
import { event, eventKeptUntil, eventOf, eventPlaceOf } from "../../../items/event.ts";
import { isCount } from "../../../items/versions.ts";
import type { Item } from "../../../table/item.ts";
import { finding } from "../finding.ts";
import type { Rule } from "../rule.ts";

const NAMES = { consumer: CONSUMER_EVENTS, provider: PROVIDER_EVENTS } as const;

export const eventRule: Rule = {
  needs: () => ({}),
  check(item) {
    const where = `${item.pk} ${item.sk}`;
    if (!isPlaced(item)) return [finding("misplaced", `${where} is no place of an event`, item)];
    const wrong = wrongIn(item);
    return wrong === undefined ? [] : [finding("malformed", `${where} has ${wrong}`, item)];
  },
};

function isPlaced(item: Item): boolean {
  const place = eventPlaceOf(item);
  if (!isCount(place.at)) return false;
  return place.of === "provider" ? place.operation !== "" : isCount(place.generation);
}

function wrongIn(item: Item): string | undefined {
  const place = eventPlaceOf(item);
  const shown = eventOf(item);
  const names: readonly string[] = NAMES[place.of];
  if (!names.includes(shown.event)) return `the event ${shown.event}`;
  if (!CAUSES.includes(shown.cause)) return `the cause ${shown.cause}`;
  const generations = [shown.generationBefore, shown.generationAfter];
  if (!generations.every((each) => each === null || isCount(each))) return "no generations";
  if (generations.every((each) => each === null)) return "no generations";
  if (place.of === "consumer" && !generations.includes(place.generation)) {
    return `generations that differ from that of its place`;
  }
  if (!isCount(shown.time)) return "no time";
  if (typeof shown.changes !== "object" || shown.changes === null) return "no changes";
  // An event that DynamoDB has not deleted yet is shown to nobody.
  if (!isCount(eventKeptUntil(item)) || !isCount(read(item, event.expires))) return "no end";
  return undefined;
}
