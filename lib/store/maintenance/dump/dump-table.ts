/**
 * Writes all items of a table as lines. A table that others may write is read twice: if every
 * item is the same in both readings, the lines are the table as it was between them. For items
 * that were written since, a version, generation or revision rises, so that none comes back to
 * what it was.
 */
import { createHash } from "node:crypto";
import { FEED_STATE } from "../../items/feed-state.ts";
import { type Kind, kindOf } from "../../items/kinds.ts";
import { META_KEY } from "../../items/table-format.ts";
import type { MaintenanceStore } from "../../maintenance-store.ts";
import { type Item, type Key, keyText } from "../../table/item.ts";
import { Digest } from "./digest.ts";
import { endLine, headLine, itemLine } from "./lines.ts";
import { pseudonymousItem } from "./pseudonymous-items.ts";
import type { Pseudonyms } from "./pseudonyms.ts";
import { type DumpedItem, nameTorn, TornDump } from "./torn.ts";

const PAGE = 1_000;
const MAX_PAGES = 10_000_000;

/**
 * Milliseconds between the readings: a transaction that was under way in the first one is
 * visible as a whole by then.
 */
const PAUSE = 2_000;

export interface DumpTarget {
  write(line: string): Promise<void>;
  /** The lines that were written, to name what was torn. */
  lines(): AsyncIterable<string>;
}

export interface DumpOptions {
  /** A store with time for one page. */
  readonly open: () => MaintenanceStore;
  readonly target: DumpTarget;
  /** Undefined: items are written as they are stored. */
  readonly pseudonyms: Pseudonyms | undefined;
  /** Whether others may write the table meanwhile. */
  readonly inUse: boolean;
  /** Called after each page with the number of items read so far. */
  readonly progress?: (items: number, reading: "first" | "second") => void;
}

export interface DumpReport {
  readonly items: number;
  /** Items that could not be given pseudonyms, since they are damaged or unknown. */
  readonly unreadable: readonly Key[];
}

/** @throws TornDump, Refusal */
export async function dumpTable(options: DumpOptions): Promise<DumpReport> {
  const { open, target, pseudonyms, inUse } = options;
  const format = (await open().tableFormat()) ?? null;
  const sha256 = createHash("sha256");
  const write = async (line: string) => {
    sha256.update(`${line}\n`);
    await target.write(line);
  };
  await write(headLine({ format, pseudonyms: pseudonyms !== undefined }));
  const [first, second] = [new Digest(), new Digest()];
  const unreadable: Key[] = [];
  let items = 0;
  for await (const read of linesOf(options, "first", (key) => unreadable.push(key))) {
    await write(read.line);
    items += 1;
    if (isCompared(read.key)) first.add(read.dumpedKey, read.line);
  }
  if (inUse) {
    const { clock } = open();
    await clock.sleep(PAUSE);
    for await (const { key, dumpedKey, line } of linesOf(options, "second")) {
      if (isCompared(key)) second.add(dumpedKey, line);
    }
    const buckets = first.differences(second);
    if (buckets.size > 0) {
      const now = () => linesOf(options, undefined);
      throw new TornDump(await nameTorn({ buckets, dumped: target.lines(), now: now() }));
    }
  }
  await target.write(endLine({ items, sha256: sha256.digest("hex") }));
  return { items, unreadable };
}

async function* linesOf(
  { open, pseudonyms, progress }: DumpOptions,
  reading: "first" | "second" | undefined,
  onUnreadable: (key: Key) => void = () => {},
): AsyncGenerator<DumpedItem> {
  let after: Key | undefined;
  let read = 0;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { items, next } = await open().stored.scan(after, PAGE);
    for (const item of items) {
      const key = { pk: item.pk, sk: item.sk };
      if (isOfFeed(key)) continue;
      const dumped = pseudonyms === undefined ? item : renamed(item, pseudonyms, onUnreadable);
      if (dumped !== undefined) yield { key, dumpedKey: dumped, line: itemLine(dumped) };
    }
    read += items.length;
    if (reading !== undefined) progress?.(read, reading);
    if (next === undefined) return;
    after = next;
  }
  throw new Error(`the table has more than ${MAX_PAGES} pages`);
}

function renamed(
  item: Item,
  pseudonyms: Pseudonyms,
  onUnreadable: (key: Key) => void,
): Item | undefined {
  try {
    return pseudonymousItem(item, pseudonyms);
  } catch {
    onUnreadable({ pk: item.pk, sk: item.sk });
    return undefined;
  }
}

/**
 * DynamoDB deletes expired answers and events, walks keep their positions, and a schedule writes pages of
 * profiles, without any request of a client. No other item depends on them.
 */
const BY_ITSELF: ReadonlySet<Kind | undefined> = new Set([
  "idempotency-record",
  "event",
  "meta",
  "profile-page",
]);

const FEED: ReadonlySet<Kind | undefined> = new Set([
  "feed-counter",
  "feed-entry",
  "pending-events",
]);

/** A feeder may write it at any time, and no cursor of it is valid in another table. */
function isOfFeed(key: Key): boolean {
  return FEED.has(kindOf(key)) || keyText(key) === keyText(FEED_STATE);
}

function isCompared(key: Key): boolean {
  return !BY_ITSELF.has(kindOf(key)) || keyText(key) === keyText(META_KEY);
}
