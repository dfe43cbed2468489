/**
 * Loads the lines of a dump into an empty table. Until all items are there, the table has a
 * format that no release knows, so that nothing uses it. A load that was cut off goes on when
 * the same dump is loaded again: what is there already is compared.
 */
import { isDeepStrictEqual } from "node:util";
import { formatWrites } from "../../cache/establish.ts";
import { feedStateItem } from "../../items/feed-state.ts";
import { type Kind, kindOf } from "../../items/kinds.ts";
import { loadingItem, loadingOf, META_KEY } from "../../items/table-format.ts";
import type { MaintenanceStore } from "../../maintenance-store.ts";
import { absent, type Write } from "../../table/expressions.ts";
import { type Item, type Key, keyText } from "../../table/item.ts";
import { inParallel } from "../../table/parallel.ts";
import { Busy } from "../../table/refusals.ts";
import type { RawTable } from "../../table/table.ts";
import { Transaction } from "../../table/transaction.ts";

/** Items that are written together, before more lines are read. */
const GROUP = 200;
const PAGE = 100;

/** The load cannot go on; nothing of the table's own was changed. */
export class LoadRefused extends Error {}

export interface LoadOptions {
  /** A store with time for one group of items. */
  readonly open: () => MaintenanceStore;
  /** SHA-256 of the dump. */
  readonly sha256: string;
  readonly items: AsyncIterable<Item>;
  /** Whether functions may have read the table before: they then read everything again. */
  readonly known: boolean;
  /** Called after each group with the number of items loaded so far. */
  readonly progress?: (items: number) => void;
}

/**
 * @returns the number of items
 * @throws LoadRefused, Refusal
 */
export async function loadTable(options: LoadOptions): Promise<number> {
  const { open, sha256, items, known, progress } = options;
  await open().reformat((table) => begin(table, sha256, known));
  let meta: Item | undefined;
  let loaded = 0;
  let group: Item[] = [];
  const flush = async () => {
    const given = group;
    group = [];
    await open().reformat((table) => inParallel(given, (item) => load(table, item)));
    progress?.(loaded);
  };
  for await (const item of items) {
    loaded += 1;
    if (keyText(item) === keyText(META_KEY)) meta = item;
    else if (group.push(item) === GROUP) await flush();
  }
  await flush();
  // The feed begins anew: no cursor of the dumped table is valid.
  const era = feedStateItem(open().random.uuid());
  await open().reformat((table) => table.write({ kind: "put", item: era, when: [] }));
  await open().reformat((table) => end(table, meta, known));
  return loaded;
}

async function begin(table: RawTable, sha256: string, known: boolean): Promise<void> {
  for (const action of ["PutItem", "UpdateItem", "DeleteItem"] as const) table.allow(action);
  const begun = loadingOf(await table.get(META_KEY));
  if (begun === sha256) return;
  if (begun !== undefined) {
    throw new LoadRefused("the load of another dump was cut off there: finish that one");
  }
  const found = await itemsOfNewTable(table);
  await table.write({ kind: "put", item: loadingItem(sha256), when: [] });
  // Functions that may have read a shard log have to find one with a higher counter later.
  if (known) return;
  const logs = found.filter((key) => keyText(key) !== keyText(META_KEY));
  await inParallel(logs, async (key) => {
    await table.write({ kind: "delete", key, when: [] });
  });
}

/** What a table has that was created and not written yet. */
const OF_NEW_TABLES: ReadonlySet<Kind | undefined> = new Set(["meta", "shard-log"]);

/** @throws LoadRefused if there are others */
async function itemsOfNewTable(table: RawTable): Promise<Key[]> {
  const found: Key[] = [];
  let after: Key | undefined;
  do {
    const { items, next } = await table.scan(after, PAGE);
    const other = items.find((item) => !OF_NEW_TABLES.has(kindOf(item)));
    if (other !== undefined) {
      throw new LoadRefused(`it is not empty: it has ${other.pk} ${other.sk}, for example`);
    }
    found.push(...items.map(({ pk, sk }) => ({ pk, sk })));
    after = next;
  } while (after !== undefined);
  return found;
}

/** @throws LoadRefused for an item that is there and is another one */
async function load(table: RawTable, item: Item): Promise<void> {
  if (OF_NEW_TABLES.has(kindOf(item))) {
    await table.write({ kind: "put", item, when: [] });
    return;
  }
  if (await table.write({ kind: "put", item, when: [absent("pk")] })) return;
  const { pk, sk } = item;
  const found = await table.get({ pk, sk });
  // A write whose answer was lost was applied, or an earlier load has written it.
  if (!isDeepStrictEqual(found, item)) {
    throw new LoadRefused(`${pk} ${sk} was written meanwhile: something uses the table`);
  }
}

/** The table gets its format, or none as in the first format, and may be used. */
async function end(table: RawTable, meta: Item | undefined, known: boolean): Promise<void> {
  const write: Write =
    meta === undefined
      ? { kind: "delete", key: META_KEY, when: [] }
      : { kind: "put", item: meta, when: [] };
  if (!known || meta === undefined) {
    await table.write(write);
    return;
  }
  const writes = formatWrites(write);
  const { kind } = await new Transaction(table.connection, table.context, writes).send();
  if (kind !== "done") throw new Busy();
}
