/** Keeps an event below its greatest size: what does not fit is left out, and the event says so. */
import type { Difference, Differences, Shown } from "./event.ts";

/** Bytes of the differences as JSON: with all else, an event stays below 100 KB. */
export const MAX_DIFFERENCES = 90_000;

/** What stands around the entries of one set or map. */
const AROUND = 2;

export interface Fitting {
  readonly changes: Differences;
  readonly truncated: boolean;
}

/** All single values, and as many entries of sets and maps as fit, in their order. */
export function fitting(changes: Differences, most: number = MAX_DIFFERENCES): Fitting {
  if (bytesOf(changes) <= most) return { changes, truncated: false };
  const room = new Room(most);
  const kept: Record<string, Difference> = {};
  for (const [name, { before, after }] of inOrder(changes)) {
    kept[name] = { before: room.fit(before), after: room.fit(after) };
  }
  return { changes: kept, truncated: true };
}

/** Single values first. */
function inOrder(changes: Differences): (readonly [string, Difference])[] {
  const isLarge = ({ before, after }: Difference) => typeof (before ?? after) === "object";
  const entries = Object.entries(changes);
  return [
    ...entries.filter(([, each]) => !isLarge(each)),
    ...entries.filter(([, each]) => isLarge(each)),
  ];
}

class Room {
  #left: number;

  constructor(most: number) {
    this.#left = most;
  }

  fit(value: Shown | null): Shown | null {
    if (value === null) return null;
    if (typeof value === "string") return this.#takes(value) ? value : null;
    if (Array.isArray(value)) return value.filter((each) => this.#takes(each));
    return Object.fromEntries(Object.entries(value).filter((entry) => this.#takes(entry)));
  }

  #takes(part: unknown): boolean {
    const bytes = bytesOf(part) + AROUND;
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }
}

/** At least the bytes of the value as JSON. */
function bytesOf(value: unknown): number {
  const text = JSON.stringify(value);
  let bytes = text.length;
  // A character beyond ASCII takes up to three bytes for each unit of its length.
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 127) bytes += 2;
  return bytes;
}
