/** Aggregates: compared as UUIDs, shown in the spelling in which they were written. */
import { parseUuid, type Uuid } from "./uuid.ts";

/** Spellings by aggregate, in the order in which they are shown. */
export type WrittenAggregates = ReadonlyMap<Uuid, string>;

/** The first spelling of each UUID; a text that is not a UUID is omitted. */
export function writtenAggregates(texts: readonly string[]): WrittenAggregates {
  const written = new Map<Uuid, string>();
  for (const text of texts) {
    const uuid = parseUuid(text);
    if (uuid !== undefined && !written.has(uuid)) written.set(uuid, text);
  }
  return written;
}
