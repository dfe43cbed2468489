/** The first phase: all items are marked, one chunk after the other. */
import type { Item } from "../item.ts";
import type { RawTable } from "../raw-table.ts";
import { Busy } from "../refusals.ts";
import { backOff } from "../retry.ts";
import { Transaction } from "../transact.ts";
import { type FailedWrite, judge, type Outcome } from "../verdicts.ts";
import type { Write } from "../write.ts";
import { type Entry, failureOf, marking } from "./entries.ts";
import { markOf } from "./marks.ts";
import { stillPending } from "./records.ts";
import { settleMarked } from "./settle.ts";

/** A transaction holds 100 actions, and one of them checks the record. */
const CHUNK_ITEMS = 99;
/** A transaction holds 4 MB; an image may be larger on the wire than as text. */
const CHUNK_BYTES = 1_500_000;

/** How often one chunk is marked anew whose items moved or were marked by others. */
const MAX_TRIES = 60;

export type Marked =
  | { readonly kind: "marked" }
  /** Somebody aborted the change after it had expired. */
  | { readonly kind: "lost" }
  | Exclude<Outcome, { kind: "done" }>;

/**
 * Marks all entries.
 * @returns why not, where a condition failed or the change was aborted
 * @throws Busy, UnknownOutcome: the record is still pending
 */
export async function markItems(
  table: RawTable,
  change: string,
  entries: readonly Entry[],
): Promise<Marked> {
  for (const chunk of chunksOf(entries, change)) {
    const marked = await markChunk(table, change, chunk);
    if (marked.kind !== "marked") return marked;
  }
  return { kind: "marked" };
}

interface Planned {
  readonly entry: Entry;
  readonly write: Write;
}

function chunksOf(entries: readonly Entry[], change: string): Planned[][] {
  const chunks: Planned[][] = [];
  let room = 0;
  for (const entry of entries) {
    const write = marking(entry, change);
    const bytes = JSON.stringify(write).length;
    const last = chunks.at(-1);
    if (last === undefined || last.length >= CHUNK_ITEMS || bytes > room) {
      chunks.push([{ entry, write }]);
      room = CHUNK_BYTES - bytes;
    } else {
      last.push({ entry, write });
      room -= bytes;
    }
  }
  return chunks;
}

async function markChunk(
  table: RawTable,
  change: string,
  chunk: readonly Planned[],
): Promise<Marked> {
  let waiting = chunk;
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    const writes = [stillPending(change), ...waiting.map(({ write }) => write)];
    const sent = await new Transaction(table.connection, table.context, writes).send();
    if (sent.kind === "done") return { kind: "marked" };
    if (sent.failures.some(({ index }) => index === 0)) return { kind: "lost" };
    const met = new Map(sent.failures.map(({ index, old }) => [index - 1, old]));
    const refused = refusalsAmong(waiting, met);
    if (refused.length > 0) return outcomeOf(refused);
    waiting = await planAgain(table, change, waiting, met);
    if (waiting.length === 0) return { kind: "marked" };
    if (!(await backOff(table.context, attempt))) break;
  }
  throw new Busy();
}

/** What the items that have moved say: still right, or a refusal. */
function refusalsAmong(
  chunk: readonly Planned[],
  met: ReadonlyMap<number, Item | undefined>,
): FailedWrite[] {
  return [...met].flatMap(([index, old]) => {
    const entry = chunk[index]?.entry;
    if (entry === undefined || markOf(old) !== undefined) return [];
    return failureOf({ ...entry, old }) ?? [];
  });
}

function outcomeOf(refused: readonly FailedWrite[]): Marked {
  const outcome = judge(refused);
  return outcome.kind === "done" ? { kind: "replan" } : outcome;
}

/** Items that moved are worked out anew from what they are now; those marked by others are settled. */
async function planAgain(
  table: RawTable,
  change: string,
  chunk: readonly Planned[],
  met: ReadonlyMap<number, Item | undefined>,
): Promise<Planned[]> {
  const again: Planned[] = [];
  for (const [index, planned] of chunk.entries()) {
    if (!met.has(index)) {
      again.push(planned);
      continue;
    }
    const old = met.get(index);
    const mark = markOf(old);
    // An answer was lost: the chunk's earlier transaction was applied, this item with it.
    if (mark?.change === change) continue;
    if (mark === undefined) {
      const entry = { ...planned.entry, old };
      again.push({ entry, write: marking(entry, change) });
      continue;
    }
    if (old !== undefined) await settleMarked(table, old);
    again.push(planned);
  }
  return again;
}
