/** Creates, changes and deletes custom classes and traits; `cache/names.ts` reads them. */

import { readNames } from "../cache/names.ts";
import { type GuardedWrite, guard, replan } from "../changes/guarded-write.ts";
import {
  type CustomName,
  customName,
  customNameItem,
  customNameKey,
  customNameOf,
  type NameKind,
} from "../items/custom-name.ts";
import { fits } from "../items/keys.ts";
import { allNames, NAMES_KEY, type NamesState, namesItem } from "../items/names.ts";
import type { Planner, Store } from "../store.ts";
import { absent, add, equals, set } from "../table/expressions.ts";

export async function readCustom(
  store: Store,
  kind: NameKind,
  name: string,
): Promise<CustomName | undefined> {
  const key = customNameKey(kind, name);
  const item = fits(key) ? await store.get(key) : undefined;
  return item && customNameOf(item);
}

/** The name as it is now, and whether this request created it. */
export interface Ensured {
  readonly created: boolean;
  /** Milliseconds since 1970. */
  readonly updated: number;
}

/** Creates the name unless it exists. */
export function creationIfAbsent(store: Store, kind: NameKind, name: string): Planner<Ensured> {
  return async () => {
    const known = await readCustom(store, kind, name);
    if (known !== undefined) {
      return { writes: [], result: { created: false, updated: known.updated } };
    }
    const now = store.clock.now();
    return {
      writes: await creation(store, { kind, name, now }),
      result: { created: true, updated: now },
    };
  };
}

/** Creates the absent name with the next id. */
export async function creation(
  store: Store,
  { kind, name, now }: { kind: NameKind; name: string; now: number },
): Promise<GuardedWrite[]> {
  const names = await readNames(store);
  const item = customNameItem(kind, {
    name,
    id: names.nextId,
    users: 0,
    created: now,
    updated: now,
  });
  return [guard({ kind: "put", item, when: [absent("pk")] }, () => replan), raiseNames(names, 1)];
}

/** Deletes the name if it is as it was read and no provider uses it. */
export async function deletion(
  store: Store,
  kind: NameKind,
  known: CustomName,
): Promise<GuardedWrite[]> {
  const key = customNameKey(kind, known.name);
  const when = [equals(customName.id, known.id), equals(customName.users, 0)];
  const names = await readNames(store);
  return [guard({ kind: "delete", key, when }, () => replan), raiseNames(names, 0)];
}

/** Raises the version of all names, as every change of one does; ids are never used again. */
export function raiseNames({ version, nextId }: NamesState, ids: 0 | 1): GuardedWrite {
  if (version === undefined) {
    const item = namesItem(1, nextId + ids);
    return guard({ kind: "put", item, when: [absent("pk")] }, () => replan);
  }
  return guard(
    {
      kind: "update",
      key: NAMES_KEY,
      changes: [add(allNames.version, 1), set(allNames.next, nextId + ids)],
      when: [equals(allNames.version, version)],
    },
    () => replan,
  );
}
