/** Custom resource classes: created, renamed and deleted. */

import {
  ClassExists,
  ClassInUse,
  ClassNameTaken,
  ClassNotFound,
} from "../../model/refusals/classes.ts";
import { guard, refuse, replan } from "../changes/guarded-write.ts";
import {
  type CustomName,
  customName,
  customNameItem,
  customNameKey,
} from "../items/custom-name.ts";
import type { Planner, Store } from "../store.ts";
import { absent, equals } from "../table/expressions.ts";
import {
  creation,
  creationIfAbsent,
  deletion,
  type Ensured,
  raiseNames,
  readCustom,
} from "./custom-names.ts";

export async function readClass(store: Store, name: string): Promise<CustomName | undefined> {
  return readCustom(store, "CLASSES", name);
}

export function classCreationIfAbsent(store: Store, name: string): Planner<Ensured> {
  return creationIfAbsent(store, "CLASSES", name);
}

/** @throws ClassExists */
export function classCreation(store: Store, name: string): Planner<void> {
  return async () => {
    if ((await readClass(store, name)) !== undefined) throw new ClassExists(name);
    return creation(store, { kind: "CLASSES", name, now: store.clock.now() }, undefined);
  };
}

/** @throws ClassNotFound, ClassNameTaken */
export function classRenaming(store: Store, from: string, to: string): Planner<void> {
  return async () => {
    const known = await readClass(store, from);
    if (known === undefined) throw new ClassNotFound(from);
    if ((await readClass(store, to)) !== undefined) throw new ClassNameTaken(to);
    const item = customNameItem("CLASSES", { ...known, name: to, updated: store.clock.now() });
    const as = [equals(customName.id, known.id), equals(customName.users, known.users)];
    return {
      writes: [
        guard({ kind: "delete", key: customNameKey("CLASSES", from), when: as }, () => replan),
        guard({ kind: "put", item, when: [absent("pk")] }, () => refuse(new ClassNameTaken(to))),
        raiseNames(),
      ],
      result: undefined,
    };
  };
}

/** @throws ClassNotFound, ClassInUse */
export function classDeletion(store: Store, name: string): Planner<void> {
  return async () => {
    const known = await readClass(store, name);
    if (known === undefined) throw new ClassNotFound(name);
    if (known.users > 0) throw new ClassInUse(name);
    return { writes: deletion("CLASSES", known), result: undefined };
  };
}
