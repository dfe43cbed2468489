/** Divides items into chunks: the intents of one chunk are written in one transaction. */
import type { Write } from "../table/expressions.ts";
import type { Entry } from "./entries.ts";

/** A transaction holds 4 MB; DynamoDB may count an item larger than its text. */
const CHUNK_BYTES = 1_500_000;

export interface Chunked {
  readonly entry: Entry;
  readonly write: Write;
}

/**
 * In the order given.
 * @param most items of one chunk
 */
export function chunksOf(given: readonly Chunked[], most: number): Chunked[][] {
  const chunks: Chunked[][] = [];
  let room = 0;
  for (const each of given) {
    const bytes = textLength(each.write) + textLength(each.entry.old ?? {});
    const last = chunks.at(-1);
    if (last === undefined || last.length >= most || bytes > room) {
      chunks.push([each]);
      room = CHUNK_BYTES - bytes;
    } else {
      last.push(each);
      room -= bytes;
    }
  }
  return chunks;
}

const textLength = (value: unknown) => JSON.stringify(value).length;
