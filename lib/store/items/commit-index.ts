/**
 * The commit index of large changes: the number of commits, and one attribute for each change
 * that is committed and not carried out yet, named by the change's id.
 */
import type { Path } from "../table/expressions.ts";
import type { Item, Key } from "../table/item.ts";
import { attribute, read } from "./attributes.ts";
import { CHANGES } from "./change-record.ts";

export const COMMIT_INDEX_KEY: Key = { pk: CHANGES, sk: "COMMITTED" };

export const isCommitIndex = ({ pk, sk }: Key): boolean =>
  pk === COMMIT_INDEX_KEY.pk && sk === COMMIT_INDEX_KEY.sk;

/** Paths in the commit index. */
export const index = {
  commits: attribute<number | undefined>("n"),
  change: (id: string): Path => [id],
} as const;

export interface CommitIndex {
  /** Rises with every change that is committed, and never falls. */
  readonly commits: number;
  /** Whether the change is committed and not carried out yet. */
  has(id: string): boolean;
}

export function commitIndexOf(item: Item | undefined): CommitIndex {
  return {
    commits: (item && read(item, index.commits)) ?? 0,
    has: (id) => item !== undefined && Object.hasOwn(item, id),
  };
}

/** The ids of all changes in it. */
export function changesIn(item: Item): string[] {
  const { pk: _, sk: __, ...attributes } = item;
  return Object.keys(attributes).filter((name) => name !== index.commits[0]);
}
