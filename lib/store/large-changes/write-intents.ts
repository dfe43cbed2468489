/** The first phase: all items are marked, one chunk after the other. */

import { type FailedWrite, judge, type Outcome } from "../changes/verdicts.ts";
import { beforeImage, intentOf } from "../items/write-intent.ts";
import type { Write } from "../table/expressions.ts";
import type { Item } from "../table/item.ts";
import { Busy } from "../table/refusals.ts";
import { backOff, isOutOfTime } from "../table/retry.ts";
import type { RawTable } from "../table/table.ts";
import { Transaction } from "../table/transaction.ts";
import { type Chunked, chunksOf } from "./chunks.ts";
import { completionWrite, type Entry, failureOf, intentWrite, lockWrite } from "./entries.ts";
import { stillPending } from "./records.ts";
import { resolveIntents } from "./resolve.ts";

/** How often one chunk is marked anew whose items moved or were marked by others. */
const MAX_TRIES = 60;

/** How often an item may move before it is frozen first: many writers would move it for ever. */
const MAX_MOVES = 1;

export type IntentsOutcome =
  | { readonly kind: "written" }
  /** Somebody aborted the change after it had expired. */
  | { readonly kind: "lost" }
  | Exclude<Outcome, { kind: "done" }>;

/** What is to be written next to an item of a chunk. */
interface Planned {
  readonly entry: Entry;
  readonly write: Write;
  readonly step: "intent" | "lock" | "complete";
  /** How often the item had changed when it was to be marked. */
  readonly moves: number;
}

/** The change that marks, and what it marks in. */
interface IntentContext {
  readonly table: RawTable;
  readonly change: string;
}

/**
 * Marks all entries.
 * @returns why not, where a condition failed or the change was aborted
 * @throws Busy, UnknownOutcome: the record is still pending
 */
export async function writeIntents(
  table: RawTable,
  change: string,
  entries: readonly Entry[],
): Promise<IntentsOutcome> {
  const given = { table, change };
  const chunks = chunksOf(entries.map((entry) => ({ entry, write: intentWrite(entry, change) })));
  for (const chunk of chunks) {
    const written = await writeChunk(given, chunk);
    if (written.kind !== "written") return written;
  }
  return { kind: "written" };
}

async function writeChunk(
  given: IntentContext,
  chunk: readonly Chunked[],
): Promise<IntentsOutcome> {
  const { table, change } = given;
  let waiting = chunk.map((each): Planned => ({ ...each, step: "intent", moves: 0 }));
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    if (isOutOfTime(table.context)) break;
    const writes = [stillPending(change), ...waiting.map(({ write }) => write)];
    const sent = await new Transaction(table.connection, table.context, writes).send();
    if (sent.kind === "done") {
      const locked = waiting.filter(({ step }) => step === "lock");
      if (locked.length === 0) return { kind: "written" };
      const completion = await completeLocked(given, locked);
      if (completion === "lost") return { kind: "lost" };
      if (completion.refused.length > 0) return refusal(completion.refused);
      waiting = completion.next;
      continue;
    }
    if (sent.failures.some(({ index }) => index === 0)) return { kind: "lost" };
    const met = new Map(sent.failures.map(({ index, old }) => [index - 1, old]));
    const refused = refusalsAmong(given, waiting, met);
    if (refused.length > 0) return refusal(refused);
    waiting = await planAgain(given, waiting, met);
    if (waiting.length === 0) return { kind: "written" };
    const waits = [...met.values()].some((old) => intentOf(old) !== undefined);
    // What has moved is written at once: any wait would let it move again.
    if (waits && !(await backOff(table.context, attempt))) break;
  }
  throw new Busy();
}

/** The images of items that are frozen, from what they are now; "lost" if an abort has freed one. */
async function completeLocked({ table, change }: IntentContext, locked: readonly Planned[]) {
  const items = await table.batchGet(locked.map(({ entry }) => entry.key));
  const next: Planned[] = [];
  const refused: FailedWrite[] = [];
  for (const [index, planned] of locked.entries()) {
    const found = items[index];
    if (intentOf(found)?.change !== change) return "lost";
    const entry = { ...planned.entry, old: asBefore(found, change) };
    const failed = failureOf(entry);
    if (failed !== undefined) refused.push(failed);
    else next.push(completed(entry, change));
  }
  return { next, refused };
}

function completed(entry: Entry, change: string): Planned {
  return { entry, write: completionWrite(entry, change), step: "complete", moves: 0 };
}

/** What the items that have moved say: still right, or a refusal. */
function refusalsAmong(
  { change }: IntentContext,
  chunk: readonly Planned[],
  met: ReadonlyMap<number, Item | undefined>,
): FailedWrite[] {
  return [...met].flatMap(([index, found]) => {
    const planned = chunk[index];
    if (planned === undefined) return [];
    const old = planned.step === "lock" ? asBefore(found, change) : found;
    return intentOf(old) === undefined ? (failureOf({ ...planned.entry, old }) ?? []) : [];
  });
}

/** An item that this change has frozen, as it was before; others as they are. */
function asBefore(item: Item | undefined, change: string): Item | undefined {
  const intent = intentOf(item);
  return item === undefined || intent?.change !== change ? item : beforeImage(item, intent);
}

function refusal(refused: readonly FailedWrite[]): IntentsOutcome {
  const outcome = judge(refused);
  return outcome.kind === "done" ? { kind: "replan" } : outcome;
}

/** Items that moved are worked out anew from what they are now; those marked by others are settled. */
async function planAgain(
  { table, change }: IntentContext,
  chunk: readonly Planned[],
  met: ReadonlyMap<number, Item | undefined>,
): Promise<Planned[]> {
  const others: Item[] = [];
  const again = chunk.flatMap((planned, index) => {
    if (!met.has(index)) return planned;
    const old = met.get(index);
    const intent = intentOf(old);
    // An answer was lost: the chunk's earlier transaction was applied, this item with it.
    if (intent?.change === change) {
      if (planned.step !== "lock") return [];
      return completed({ ...planned.entry, old: asBefore(old, change) }, change);
    }
    if (intent === undefined) return moved(planned, old, change);
    if (old !== undefined) others.push(old);
    return planned;
  });
  await resolveIntents(table, others);
  return again;
}

function moved(planned: Planned, old: Item | undefined, change: string): Planned {
  const entry = { ...planned.entry, old };
  const moves = planned.moves + 1;
  if (old !== undefined && moves > MAX_MOVES) {
    return { entry, write: lockWrite(entry, change), step: "lock", moves };
  }
  return { entry, write: intentWrite(entry, change), step: "intent", moves };
}
