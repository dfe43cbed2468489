/** Since when a consumer holds what it holds, from its history. */
import type { Happening } from "./happening.ts";

/**
 * The time since which each provider is held without a break, by its uuid. A provider that no event
 * tells of is absent: it was claimed before the history began.
 * @param events of one consumer, in their order
 */
export function heldSince(events: readonly Happening[]): Map<string, string> {
  const since = new Map<string, string>();
  for (const { changes, time, event } of events) {
    if (event === "placement.allocation.delete") since.clear();
    if (changes.allocations === undefined) continue;
    const { before, after } = changes.allocations;
    for (const provider of Object.keys(before ?? {})) {
      if (after?.[provider] === undefined) since.delete(provider);
    }
    for (const provider of Object.keys(after ?? {})) {
      if (!since.has(provider) && before?.[provider] === undefined) since.set(provider, time);
    }
  }
  return since;
}
