/** Attempts of the embedded engine's processes, and what they have left for the feeder. */

import {
  attemptNumberOf,
  isTaken,
  notedIn,
  processOf,
  takenKey,
  takenUpTo,
} from "../../../items/attempt.ts";
import { isCount } from "../../../items/versions.ts";
import { timeOfNumber } from "../../../table/rising-numbers.ts";
import { finding } from "../finding.ts";
import type { Rule } from "../rule.ts";
import { areEvents, isPassedOver, nearEvents } from "./waiting-events.ts";

/** Each is of a slot, and has a number; its note was taken, or is not passed over. */
export const attemptRule: Rule = {
  needs(item) {
    const process = processOf(item);
    const noted = notedIn(item);
    if (process === undefined || noted === undefined) return {};
    return { keys: [takenKey(process), ...nearEvents(noted)] };
  },
  check(item, near) {
    const where = `${item.pk} ${item.sk}`;
    const process = processOf(item);
    if (process === undefined) {
      return [finding("misplaced", `${where} is no slot of a process`, item)];
    }
    const number = attemptNumberOf(item);
    if (!isCount(number)) return [finding("malformed", `${where} has no number`, item)];
    const noted = notedIn(item);
    if (noted === undefined || isTaken(item)) return [];
    if (!areEvents(noted)) return [finding("malformed", `${where} names no events`, item)];
    const isWaiting = Number(number) > takenUpTo(near.get(takenKey(process)));
    const waits = { ...noted, time: timeOfNumber(Number(number)) };
    if (!isWaiting || !isPassedOver(waits, near)) return [];
    return [finding("feed", `${where} waits, and later events are in the feed`, item)];
  },
};
