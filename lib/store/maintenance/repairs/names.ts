/** Repairs of custom names: the next id, and the users of each name. */
import { readNames } from "../../cache/names.ts";
import { guard, replan } from "../../changes/guarded-write.ts";
import { read } from "../../items/attributes.ts";
import { customName, customNameOf } from "../../items/custom-name.ts";
import { allNames, NAMES_KEY, namesItem } from "../../items/names.ts";
import type { Plan, Store } from "../../store.ts";
import { absent, add, count, equals, set } from "../../table/expressions.ts";
import type { Item, Key } from "../../table/item.ts";
import type { Repair } from "./outcome.ts";

/**
 * Raises the next id above that of the name. An id of two names is left: neither name is
 * provably right.
 */
export async function raiseNextId(store: Store, key: Key): Promise<Repair> {
  return store.change(async (): Promise<Plan<Repair>> => {
    const item = await store.get(key);
    if (item === undefined) return { writes: [], result: "sound" };
    const { id } = customNameOf(item);
    const { version, nextId } = await readNames(store);
    if (id < nextId) return { writes: [], result: "left" };
    const write =
      version === undefined
        ? guard({ kind: "put", item: namesItem(1, id + 1), when: [absent("pk")] }, () => replan)
        : guard(
            {
              kind: "update",
              key: NAMES_KEY,
              changes: [add(allNames.version, 1), set(allNames.next, id + 1)],
              when: [equals(allNames.version, version)],
            },
            () => replan,
          );
    return { writes: [write], result: "repaired" };
  });
}

/**
 * Writes the counted users, if no use has begun or ended since.
 * @param name as it was when its users were counted
 */
export async function repairUsers(store: Store, name: Item, users: number): Promise<Repair> {
  const key = { pk: name.pk, sk: name.sk };
  const version = read(name, customName.version);
  const when = [
    equals(customName.id, read(name, customName.id)),
    version === undefined ? absent(...customName.version) : equals(customName.version, version),
  ];
  const changes = [set(customName.users, users), count(customName.version, 1)];
  return store.change(async (attempt): Promise<Plan<Repair>> => {
    if (attempt > 0) return { writes: [], result: "left" };
    return {
      writes: [guard({ kind: "update", key, changes, when }, () => replan)],
      result: "repaired",
    };
  });
}
