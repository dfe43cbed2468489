/** Aggregates: compared as UUIDs, shown in the spelling in which they were written. */
import { parseUuid, type Uuid } from "./uuid.ts";

/** Spellings by aggregate, in the order in which they are shown. */
export type WrittenAggregates = ReadonlyMap<Uuid, string>;

/** Two spellings of one UUID are one aggregate, which shows the first; what is none is left out. */
export function writtenAggregates(texts: readonly string[]): WrittenAggregates {
  const written = new Map<Uuid, string>();
  for (const text of texts) {
    const uuid = parseUuid(text);
    if (uuid !== undefined && !written.has(uuid)) written.set(uuid, text);
  }
  return written;
}
