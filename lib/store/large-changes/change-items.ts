/**
 * A change of more items than one transaction holds, as a two-phase commit: write intents are
 * written to all items, the record is decided, all items are resolved. See
 * docs/large-changes.md for the protocol and its invariants.
 */
import type { GuardedWrite } from "../changes/guarded-write.ts";
import { judge, type Outcome } from "../changes/verdicts.ts";
import { pagesOf } from "../items/change-page.ts";
import { intentOf } from "../items/write-intent.ts";
import { keyOf, type Write } from "../table/expressions.ts";
import { type Item, type Key, keyText } from "../table/item.ts";
import { Busy, UnknownOutcome } from "../table/refusals.ts";
import { backOff, isOutOfTime } from "../table/retry.ts";
import type { RawTable } from "../table/table.ts";
import { Transaction } from "../table/transaction.ts";
import { type Decided, decide } from "./decide.ts";
import { type Entry, failureOf, inOrder } from "./entries.ts";
import { finish } from "./finish.ts";
import { furtherPage, opening } from "./records.ts";
import { resolveIntents } from "./resolve.ts";
import { writeIntents } from "./write-intents.ts";

/**
 * Milliseconds that a record outlives its coordinator's deadline. A function whose clock is
 * further ahead aborts changes that are under way, which is safe but wasted work.
 */
const CLOCK_SKEW = 5_000;

/** Pages that are written with the record: all of them, unless keys are unusually long. */
const FIRST_PAGES = 10;

export interface ChangeParts {
  readonly table: RawTable;
  /** Appends the providers of the change to their shard logs; false if some were not appended. */
  appendToShardLogs(): Promise<boolean>;
  log(entry: Readonly<Record<string, unknown>>): void;
}

/**
 * Applies all of `writes` or none.
 * @throws Busy, with nothing written; UnknownOutcome
 */
export async function changeItems(
  parts: ChangeParts,
  writes: readonly GuardedWrite[],
): Promise<Outcome> {
  const { table } = parts;
  assertDistinct(writes);
  const entries = await readEntries(table, inOrder(writes));
  const failures = entries.flatMap((entry) => failureOf(entry) ?? []);
  if (failures.length > 0) return judge(failures);
  const id = table.context.random.uuid();
  const stopped = await prepare(parts, id, entries);
  if (stopped !== undefined) return stopped;
  if ((await conclude(parts, id)) !== "committed") return { kind: "replan" };
  await complete(parts, id);
  return { kind: "done" };
}

/**
 * The steps before the decision. After any failure here nothing is changed: only this
 * coordinator commits.
 * @throws Busy, ItemTooLarge
 */
async function prepare(
  parts: ChangeParts,
  id: string,
  entries: readonly Entry[],
): Promise<Outcome | undefined> {
  const { table } = parts;
  const keys = entries.map(({ key }) => key);
  try {
    await open(table, id, keys);
    const written = await writeIntents(table, id, entries);
    if (written.kind !== "written") {
      await undo(parts, id);
      return written.kind === "lost" ? { kind: "replan" } : written;
    }
    // Before the decision: readers that see the commit must find its items in the shard logs.
    if (!(await parts.appendToShardLogs())) throw new Busy();
    return undefined;
  } catch (error) {
    await undo(parts, id);
    throw error instanceof UnknownOutcome ? (error.cause ?? new Busy()) : error;
  }
}

/** @throws Busy, with nothing written; UnknownOutcome */
async function conclude(parts: ChangeParts, id: string): Promise<Decided> {
  try {
    if (isOutOfTime(parts.table.context)) throw new Busy();
    const decided = await decide(parts.table, id, "committed");
    if (decided !== "committed") await undo(parts, id);
    return decided;
  } catch (error) {
    if (!(error instanceof UnknownOutcome)) await undo(parts, id);
    throw error;
  }
}

/** The items as they are now; write intents of other changes are resolved or waited for. */
async function readEntries(table: RawTable, writes: readonly GuardedWrite[]): Promise<Entry[]> {
  const keys = writes.map(({ write }) => keyOf(write));
  let items = await table.batchGet(keys);
  for (let read = 1; ; read += 1) {
    const withIntent = items.flatMap((item) => (intentOf(item) === undefined ? [] : (item ?? [])));
    if (withIntent.length === 0) break;
    if (isOutOfTime(table.context)) throw new Busy();
    await resolveIntents(table, withIntent);
    items = await reread(table, items, withIntent);
    const waits = items.some((item) => intentOf(item) !== undefined);
    if (waits && !(await backOff(table.context, read))) throw new Busy();
  }
  return writes.map((guarded, index) => {
    return { guarded, key: keyOf(guarded.write), old: items[index] };
  });
}

/** `items`, with those of `some` read again. */
async function reread(
  table: RawTable,
  items: readonly (Item | undefined)[],
  some: readonly Item[],
): Promise<(Item | undefined)[]> {
  const fresh = await table.batchGet(some);
  const now = new Map(some.map((item, index) => [keyText(item), fresh[index]]));
  return items.map((item) => {
    const text = item && keyText(item);
    return text !== undefined && now.has(text) ? now.get(text) : item;
  });
}

function assertDistinct(writes: readonly GuardedWrite[]): void {
  const keys = new Set(writes.map(({ write }) => keyText(keyOf(write))));
  if (keys.size !== writes.length) throw new Error("a change may touch an item only once");
}

/**
 * Writes the record and all pages before any intent, so that the keys of all intents can be
 * found.
 */
async function open(table: RawTable, id: string, keys: readonly Key[]): Promise<void> {
  const pages = pagesOf(keys);
  const { clock, deadline } = table.context;
  const record = {
    id,
    state: "pending",
    expires: deadline + CLOCK_SKEW,
    pages: pages.length,
    begun: clock.now(),
    items: keys.length,
  } as const;
  await send(table, opening(record, pages.slice(0, FIRST_PAGES)));
  for (const [index, part] of pages.slice(FIRST_PAGES).entries()) {
    await send(table, furtherPage(id, FIRST_PAGES + index, part));
  }
}

async function send(table: RawTable, writes: readonly Write[]): Promise<void> {
  const sent = await new Transaction(table.connection, table.context, writes).send();
  if (sent.kind === "failed") throw new Busy();
}

/** Aborts the change and removes its intents; a sweep completes what remains. */
async function undo(parts: ChangeParts, id: string): Promise<void> {
  try {
    if ((await decide(parts.table, id, "aborted")) !== "aborted") return;
    if (!(await finish(parts.table, id))) left(parts, id, "aborted", "out of time");
  } catch (error) {
    left(parts, id, "undecided or aborted", reasonOf(error));
  }
}

/**
 * Resolves the items of a committed change; a sweep completes what remains. The change is
 * committed in any case.
 */
async function complete(parts: ChangeParts, id: string): Promise<void> {
  try {
    if (!(await finish(parts.table, id))) left(parts, id, "committed", "out of time");
  } catch (error) {
    left(parts, id, "committed", reasonOf(error));
  }
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function left(parts: ChangeParts, change: string, state: string, reason: string): void {
  parts.log({
    level: "WARN",
    message: "large change left to the sweep",
    metric: "LargeChangeLeft",
    change,
    state,
    reason,
  });
}
