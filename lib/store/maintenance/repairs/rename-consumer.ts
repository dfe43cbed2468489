/**
 * Earlier releases kept a consumer of POST /allocations and of the reshaper under
 * the key as it came. A UUID is looked up in its canonical form, so that such a
 * consumer is found by nobody: it gets the key at which it is looked for.
 */
import { parseUuid, type Uuid } from "../../../model/uuid.ts";
import { type GuardedWrite, guard, replan } from "../../changes/guarded-write.ts";
import { consumer as attributes, consumerKey, consumerOf } from "../../items/consumer.ts";
import { lookupItems } from "../../items/consumer-lookups.ts";
import type { Plan, Store } from "../../store.ts";
import { absent, equals } from "../../table/expressions.ts";
import type { Item, Key } from "../../table/item.ts";
import { ChangeTooLarge } from "../../table/refusals.ts";
import type { Repair } from "./outcome.ts";

/** The form under which `stored` is looked for; undefined if it is kept there, or is no UUID. */
export function lookedForAs(stored: Uuid): Uuid | undefined {
  const canonical = parseUuid(stored);
  return canonical === stored ? undefined : canonical;
}

/**
 * Moves a consumer and its look-up items to its canonical key, all at once: what it
 * holds, its generation and its life stay. Where that key has a consumer of its own
 * nothing tells which of the two is right.
 */
export async function renameConsumer(store: Store, key: Key): Promise<Repair> {
  try {
    return await store.change(async (): Promise<Plan<Repair>> => {
      const item = await store.get(key);
      const uuid = item && lookedForAs(consumerOf(item).uuid);
      if (item === undefined || uuid === undefined) return { writes: [], result: "sound" };
      if ((await store.get(consumerKey(uuid))) !== undefined) return { writes: [], result: "left" };
      return { writes: renaming(item, uuid), result: "repaired" };
    });
  } catch (error) {
    if (error instanceof ChangeTooLarge) return "left";
    throw error;
  }
}

/** Attributes that this release does not know go with the item. */
function renaming(item: Item, uuid: Uuid): GuardedWrite[] {
  const before = consumerOf(item);
  const { pk, sk } = item;
  const same = [equals(attributes.writeId, before.writeId)];
  return [
    guard({ kind: "delete", key: { pk, sk }, when: same }, () => replan),
    guard(
      { kind: "put", item: { ...item, ...consumerKey(uuid) }, when: [absent("pk")] },
      () => replan,
    ),
    ...lookupItems(before).map((old) => unguarded({ kind: "delete", key: keyOf(old), when: [] })),
    ...lookupItems({ ...before, uuid }).map((made) =>
      unguarded({ kind: "put", item: made, when: [] }),
    ),
  ];
}

const keyOf = ({ pk, sk }: Item): Key => ({ pk, sk });

/** Look-up items follow their consumer, whose condition counts for them. */
function unguarded(write: GuardedWrite["write"]): GuardedWrite {
  return guard(write, () => replan);
}
