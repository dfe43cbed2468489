/** The first phase: writes the intents of all items, one chunk after the other. */

import { type FailedWrite, judge, type Outcome } from "../changes/verdicts.ts";
import { beforeImage, intentOf } from "../items/write-intent.ts";
import type { Write } from "../table/expressions.ts";
import type { Item } from "../table/item.ts";
import { Busy } from "../table/refusals.ts";
import { backOff, isOutOfTime } from "../table/retry.ts";
import type { RawTable } from "../table/table.ts";
import { Transaction, transactionItems } from "../table/transaction.ts";
import { type Chunked, chunksOf } from "./chunks.ts";
import { completionWrite, type Entry, failureOf, intentWrite, lockWrite } from "./entries.ts";
import { stillPending } from "./records.ts";
import { resolveIntents } from "./resolve.ts";

/** How often a chunk is tried whose items change or have intents of other changes. */
const MAX_TRIES = 60;

/**
 * How often an item may change before it is locked first: frequent writers could change it
 * forever.
 */
const MAX_MOVES = 1;

export type IntentsOutcome =
  | { readonly kind: "written" }
  /** The change had expired and was aborted by another function. */
  | { readonly kind: "lost" }
  | Exclude<Outcome, { kind: "done" }>;

/** The next write of an item of a chunk. */
interface Planned {
  readonly entry: Entry;
  readonly write: Write;
  readonly step: "intent" | "lock" | "complete";
  /** How often the item had changed before its intent was written. */
  readonly moves: number;
}

/** The change whose intents are written, and the table. */
interface IntentContext {
  readonly table: RawTable;
  readonly change: string;
}

/**
 * Writes the intents of all entries.
 * @returns the reason if a condition failed or the change was aborted
 * @throws Busy, UnknownOutcome: the record is still pending
 */
export async function writeIntents(
  table: RawTable,
  change: string,
  entries: readonly Entry[],
): Promise<IntentsOutcome> {
  const given = { table, change };
  // One of a transaction's writes checks the record.
  const most = transactionItems(table.connection) - 1;
  const planned = entries.map((entry) => ({ entry, write: intentWrite(entry, change) }));
  const chunks = chunksOf(planned, most);
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
    const failed = new Map(sent.failures.map(({ index, old }) => [index - 1, old]));
    const refused = refusalsAmong(given, waiting, failed);
    if (refused.length > 0) return refusal(refused);
    waiting = await planAgain(given, waiting, failed);
    if (waiting.length === 0) return { kind: "written" };
    const waits = [...failed.values()].some((old) => intentOf(old) !== undefined);
    // An item that has changed is written at once: during a wait it could change again.
    if (waits && !(await backOff(table.context, attempt))) break;
  }
  throw new Busy();
}

/** The images of locked items, from their current state; "lost" if an abort has unlocked one. */
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

/** The refusals that the changed items prove. */
function refusalsAmong(
  { change }: IntentContext,
  chunk: readonly Planned[],
  failed: ReadonlyMap<number, Item | undefined>,
): FailedWrite[] {
  return [...failed].flatMap(([index, found]) => {
    const planned = chunk[index];
    if (planned === undefined) return [];
    const old = planned.step === "lock" ? asBefore(found, change) : found;
    return intentOf(old) === undefined ? (failureOf({ ...planned.entry, old }) ?? []) : [];
  });
}

/** An item that this change has locked, as it was before; other items as they are. */
function asBefore(item: Item | undefined, change: string): Item | undefined {
  const intent = intentOf(item);
  return item === undefined || intent?.change !== change ? item : beforeImage(item, intent);
}

function refusal(refused: readonly FailedWrite[]): IntentsOutcome {
  const outcome = judge(refused);
  return outcome.kind === "done" ? { kind: "replan" } : outcome;
}

/** Plans changed items again from their current state, and resolves intents of other changes. */
async function planAgain(
  { table, change }: IntentContext,
  chunk: readonly Planned[],
  failed: ReadonlyMap<number, Item | undefined>,
): Promise<Planned[]> {
  const others: Item[] = [];
  const again = chunk.flatMap((planned, index) => {
    if (!failed.has(index)) return planned;
    const old = failed.get(index);
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
