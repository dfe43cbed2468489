/**
 * Checks what unfinished large changes leave: items as their changes have decided, intents
 * without a record, unfinished records, pages without a record.
 */

import { isPage } from "../../items/change-page.ts";
import { isRecord, recordKey, recordOf } from "../../items/change-record.ts";
import { changesIn, commitIndexOf, isCommitIndex } from "../../items/commit-index.ts";
import { beforeImage, intentOf } from "../../items/write-intent.ts";
import { changeOf } from "../../large-changes/records.ts";
import { type Item, keyText } from "../../table/item.ts";
import { type Finding, finding } from "./finding.ts";

/**
 * Milliseconds after its expiry for which a record is not a finding: clocks differ, and a
 * sweep may be about to finish the change.
 */
export const CHANGE_GRACE = 60_000;

/** The records of changes by their ids, and the commit index, which decides. */
export interface Changes {
  readonly records: ReadonlyMap<string, Item | undefined>;
  readonly commitIndex: Item | undefined;
}

/** The ids of all changes that `items` name. */
export function changesOf(items: Iterable<Item>): Set<string> {
  const ids = new Set<string>();
  for (const item of items) {
    const change = changeOf(item);
    if (change !== undefined) ids.add(change);
    if (isCommitIndex(item)) for (const id of changesIn(item)) ids.add(id);
  }
  return ids;
}

/** The item as readers see it; undefined: there is none. */
export function imageOf(item: Item, { commitIndex }: Changes): Item | undefined {
  const intent = intentOf(item);
  if (intent === undefined) return item;
  return commitIndexOf(commitIndex).has(intent.change) ? intent.after : beforeImage(item, intent);
}

/** Whether a commit is half visible: a record says committed, and the commit index lacks it. */
export function isPassing({ records, commitIndex }: Changes): boolean {
  const known = commitIndexOf(commitIndex);
  return [...records].some(
    ([id, record]) =>
      record !== undefined && recordOf(record).state === "committed" && !known.has(id),
  );
}

/** @param now milliseconds since 1970, by the verifier's clock */
export function brokenIntents(item: Item, { records }: Changes, now: number): Finding[] {
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
