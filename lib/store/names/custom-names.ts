/** Creates, changes and deletes custom classes and traits; `cache/names.ts` reads them. */

import { readNames } from "../cache/names.ts";
import { type GuardedWrite, guard, refuse, replan } from "../changes/guarded-write.ts";
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
import type { Plan, Planner, Store } from "../store.ts";
import { absent, add, equals, exists, set } from "../table/expressions.ts";
import { DamagedRecords } from "../table/refusals.ts";
import { makeIdSupply, TAKEN } from "./id-supply.ts";

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
    return creation(store, { kind, name, now }, { created: true, updated: now });
  };
}

interface New {
  readonly kind: NameKind;
  readonly name: string;
  readonly now: number;
}

/** Creates the absent name with an id that no other has had. */
export async function creation<T>(store: Store, given: New, result: T): Promise<Plan<T>> {
  const supply = store.shared(makeIdSupply);
  const id = supply.take();
  if (id !== undefined) {
    return { writes: [nameWrite(given, id), raiseNames()], result };
  }
  const names = await readNames(store);
  const [first, end] = [names.nextId, names.nextId + TAKEN];
  return {
    writes: [nameWrite(given, first), takeIds(names, end)],
    result,
    committed: () => {
      supply.fill(first + 1, end);
      return result;
    },
  };
}

function nameWrite({ kind, name, now }: New, id: number): GuardedWrite {
  const item = customNameItem(kind, { name, id, users: 0, created: now, updated: now });
  return guard({ kind: "put", item, when: [absent("pk")] }, () => replan);
}

/** Raises the version, too: functions of older releases compare nothing else. */
function takeIds({ version, nextId }: NamesState, end: number): GuardedWrite {
  if (version === undefined) {
    return guard({ kind: "put", item: namesItem(1, end), when: [absent("pk")] }, () => replan);
  }
  const changes = [add(allNames.version, 1), set(allNames.next, end)];
  const when = [equals(allNames.next, nextId)];
  return guard({ kind: "update", key: NAMES_KEY, changes, when }, () => replan);
}

/** Deletes the name if it is as it was read and no provider uses it. */
export function deletion(kind: NameKind, known: CustomName): GuardedWrite[] {
  const key = customNameKey(kind, known.name);
  const when = [equals(customName.id, known.id), equals(customName.users, 0)];
  return [guard({ kind: "delete", key, when }, () => replan), raiseNames()];
}

/** Raises the version of all names, as every change of one does. */
export function raiseNames(): GuardedWrite {
  const changes = [add(allNames.version, 1)];
  const when = [exists(...allNames.version)];
  return guard({ kind: "update", key: NAMES_KEY, changes, when }, (old) => {
    // Every name is made together with it, and nothing deletes it: to read again shows no other.
    return old === undefined ? refuse(new DamagedRecords("custom names have no version")) : replan;
  });
}
