/** Custom resource classes: created, renamed and deleted; see also `names.ts`. */
import {
  ClassExists,
  ClassInUse,
  ClassNameTaken,
  ClassNotFound,
} from "../model/refusals/classes.ts";
import { type GuardedWrite, guard, refuse, replan } from "./guarded-write.ts";
import { customNameKey, fits, NAMES_KEY } from "./keys.ts";
import { type CustomName, customNameOf, type NamesState, readNames } from "./names.ts";
import type { Store } from "./store.ts";
import { absent, add, equals, set } from "./write.ts";

export async function readClass(store: Store, name: string): Promise<CustomName | undefined> {
  const key = customNameKey("CLASSES", name);
  const item = fits(key) ? await store.get(key) : undefined;
  return item && customNameOf(item);
}

/** Whether it was created; false if it was there. */
export async function ensureClass(store: Store, name: string): Promise<boolean> {
  return store.change(async () => {
    if ((await readClass(store, name)) !== undefined) return { writes: [], result: false };
    return { writes: await creation(store, name), result: true };
  });
}

/** @throws ClassExists */
export async function createClass(store: Store, name: string): Promise<void> {
  return store.change(async () => {
    if ((await readClass(store, name)) !== undefined) throw new ClassExists(name);
    return { writes: await creation(store, name), result: undefined };
  });
}

async function creation(store: Store, name: string): Promise<GuardedWrite[]> {
  const names = await readNames(store);
  const now = store.clock.now();
  const item = {
    ...customNameKey("CLASSES", name),
    id: names.nextId,
    users: 0,
    created: now,
    updated: now,
  };
  return [guard({ kind: "put", item, when: [absent("pk")] }, () => replan), raiseNames(names, 1)];
}

/** @throws ClassNotFound, ClassNameTaken */
export async function renameClass(store: Store, from: string, to: string): Promise<void> {
  return store.change(async () => {
    const known = await readClass(store, from);
    if (known === undefined) throw new ClassNotFound(from);
    if ((await readClass(store, to)) !== undefined) throw new ClassNameTaken(to);
    const names = await readNames(store);
    const { name: _, ...kept } = known;
    const item = { ...customNameKey("CLASSES", to), ...kept, updated: store.clock.now() };
    const as = [equals(["id"], known.id), equals(["users"], known.users)];
    return {
      writes: [
        guard({ kind: "delete", key: customNameKey("CLASSES", from), when: as }, () => replan),
        guard({ kind: "put", item, when: [absent("pk")] }, () => refuse(new ClassNameTaken(to))),
        raiseNames(names, 0),
      ],
      result: undefined,
    };
  });
}

/** @throws ClassNotFound, ClassInUse */
export async function deleteClass(store: Store, name: string): Promise<void> {
  return store.change(async () => {
    const known = await readClass(store, name);
    if (known === undefined) throw new ClassNotFound(name);
    if (known.users > 0) throw new ClassInUse(name);
    const key = customNameKey("CLASSES", name);
    const when = [equals(["id"], known.id), equals(["users"], 0)];
    const names = await readNames(store);
    return {
      writes: [guard({ kind: "delete", key, when }, () => replan), raiseNames(names, 0)],
      result: undefined,
    };
  });
}

/** The version of all names rises with each change of one; ids are never used again. */
function raiseNames({ version, nextId }: NamesState, ids: 0 | 1): GuardedWrite {
  if (version === undefined) {
    const item = { ...NAMES_KEY, version: 1, next: nextId + ids };
    return guard({ kind: "put", item, when: [absent("pk")] }, () => replan);
  }
  return guard(
    {
      kind: "update",
      key: NAMES_KEY,
      changes: [add(["version"], 1), set(["next"], nextId + ids)],
      when: [equals(["version"], version)],
    },
    () => replan,
  );
}
