/**
 * What unfinished large changes leave: items as their record decides, marks
 * without a record, records that nobody finished, pages without a record.
 */

import { isPage } from "../../items/change-page.ts";
import { isRecord, recordKey, recordOf } from "../../items/change-record.ts";
import { changesIn, commitIndexOf, isCommitIndex } from "../../items/commit-index.ts";
import { beforeImage, intentOf } from "../../items/write-intent.ts";
import { changeOf } from "../../large-changes/records.ts";
import { type Item, keyText } from "../../table/item.ts";
import { type Finding, finding } from "./finding.ts";

/**
 * Milliseconds that a record may outlive its time before it counts as left
 * behind: clocks differ, and a sweep may be about to finish it.
 */
export const CHANGE_GRACE = 60_000;

/** The records of changes by their ids, and the gate, which decides. */
export interface Changes {
  readonly records: ReadonlyMap<string, Item | undefined>;
  readonly gate: Item | undefined;
}

/** All changes that `items` have to do with. */
export function changesOf(items: Iterable<Item>): Set<string> {
  const ids = new Set<string>();
  for (const item of items) {
    const change = changeOf(item);
    if (change !== undefined) ids.add(change);
    if (isCommitIndex(item)) for (const id of changesIn(item)) ids.add(id);
  }
  return ids;
}

/** The item as a reader is to see it; undefined: there is none. */
export function imageOf(item: Item, { gate }: Changes): Item | undefined {
  const mark = intentOf(item);
  if (mark === undefined) return item;
  return commitIndexOf(gate).has(mark.change) ? mark.after : beforeImage(item, mark);
}

/** Whether a change is just being committed: its record says so, and the gate does not yet. */
export function isPassing({ records, gate }: Changes): boolean {
  const known = commitIndexOf(gate);
  return [...records].some(
    ([id, record]) =>
      record !== undefined && recordOf(record).state === "committed" && !known.has(id),
  );
}

/** @param now milliseconds since 1970, by the verifier's clock */
export function brokenMarks(item: Item, { records }: Changes, now: number): Finding[] {
  if (isCommitIndex(item)) {
    const gone = changesIn(item).filter((id) => records.get(id) === undefined);
    return gone.map((id) =>
      finding(
        "gate-orphan",
        `the commit index has the change ${id}, which has no record`,
        item,
        recordKey(id),
      ),
    );
  }
  if (isRecord(item)) {
    const { id, state, expires } = recordOf(item);
    if (now <= expires + CHANGE_GRACE) return [];
    return [finding("change-left", `the large change ${id} was not finished: ${state}`, item)];
  }
  const change = changeOf(item);
  if (change === undefined || records.get(change) !== undefined) return [];
  const where = `${item.pk} ${item.sk}`;
  const page = isPage(item);
  const what = page
    ? `${where} is a page of a change that is over`
    : `${where} has a write intent of a change that is over`;
  return [finding(page ? "page-orphan" : "mark-orphan", what, item, recordKey(change))];
}

export function indexed(items: Iterable<Item>): Map<string, Item> {
  return new Map([...items].map((item) => [keyText(item), item]));
}
