/**
 * What a reader sees of items that an unfinished large change has marked: the
 * image that the change's record decides. The record is asked once for all items
 * of a reading, so that these are all from before the change or all from after.
 */
import { type Item, type Key, keyText } from "../item.ts";
import type { RawTable } from "../raw-table.ts";
import { Busy } from "../refusals.ts";
import { backOff } from "../retry.ts";
import { beforeImage, type Mark, markOf } from "./marks.ts";
import { type ChangeState, recordKey, recordOf } from "./records.ts";

/** How often items are read again whose change was over when its record was asked for. */
const MAX_READS = 8;

/** Told of each item that an undecided change may still alter. */
export type OnPending = (key: Key) => void;

/** `items` in their order, each as it is to be seen; undefined where there is none. */
export async function visible(
  table: RawTable,
  items: readonly (Item | undefined)[],
  onPending?: OnPending,
): Promise<(Item | undefined)[]> {
  let current = [...items];
  for (let read = 1; ; read += 1) {
    const marks = current.map((item) => markOf(item));
    if (marks.every((mark) => mark === undefined)) return current;
    const states = await statesOf(table, marks);
    const over: Key[] = [];
    const seen = current.map((item, index) => {
      const mark = marks[index];
      if (item === undefined || mark === undefined) return item;
      const state = states.get(mark.change);
      if (state === undefined) over.push({ pk: item.pk, sk: item.sk });
      else if (state === "pending") onPending?.({ pk: item.pk, sk: item.sk });
      return state === "committed" ? mark.after : beforeImage(item, mark);
    });
    if (over.length === 0) return seen;
    // All of them: what was seen together stays together.
    if (read >= MAX_READS || !(await backOff(table.context, read))) throw new Busy();
    const fresh = await readAgain(table, over);
    current = current.map((item) => {
      const text = item && keyText(item);
      return text !== undefined && fresh.has(text) ? fresh.get(text) : item;
    });
  }
}

async function statesOf(
  table: RawTable,
  marks: readonly (Mark | undefined)[],
): Promise<Map<string, ChangeState | undefined>> {
  const ids = new Set(marks.flatMap((mark) => mark?.change ?? []));
  const states = new Map<string, ChangeState | undefined>();
  for (const id of ids) {
    const record = await table.get(recordKey(id));
    states.set(id, record && recordOf(record).state);
  }
  return states;
}

async function readAgain(
  table: RawTable,
  keys: readonly Key[],
): Promise<Map<string, Item | undefined>> {
  const found = new Map<string, Item | undefined>();
  for (const key of keys) found.set(keyText(key), await table.get(key));
  return found;
}
