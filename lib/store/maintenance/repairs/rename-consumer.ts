/**
 * Earlier releases stored a consumer of POST /allocations and of the reshaper under its UUID
 * as the client spelled it. Requests look a UUID up in its canonical form and do not find
 * such a consumer: the repair moves it to the canonical key.
 */
import { parseUuid, type Uuid } from "../../../model/uuid.ts";
import { type GuardedWrite, guard, replan } from "../../changes/guarded-write.ts";
import { sameAs } from "../../consumers/writes.ts";
import { consumerKey, consumerOf } from "../../items/consumer.ts";
import { lookupItems } from "../../items/consumer-lookups.ts";
import type { Plan, Store } from "../../store.ts";
import { absent } from "../../table/expressions.ts";
import type { Item, Key } from "../../table/item.ts";
import { ChangeTooLarge } from "../../table/refusals.ts";
import type { Repair } from "./outcome.ts";

/** The canonical form of `stored`; undefined if it is stored there, or is not a UUID. */
export function lookedForAs(stored: Uuid): Uuid | undefined {
  const canonical = parseUuid(stored);
  return canonical === stored ? undefined : canonical;
}

/**
 * Moves a consumer and its look-up items to its canonical key, in one transaction:
 * allocations, generation and incarnation stay. If that key has a consumer already, neither
 * is provably right.
 */
export async function renameConsumer(store: Store, key: Key): Promise<Repair> {
  try {
    return await store.change(async (): Promise<Plan<Repair>> => {
      const item = await store.get(key);
      const uuid = item && lookedForAs(consumerOf(item).uuid);
      if (item === undefined || uuid === undefined) return { writes: [], result: "sound" };
      if ((await store.get(consumerKey(uuid))) !== undefined) return { writes: [], result: "left" };
      const before = { ...consumerOf(item), uuid };
      // Its history is that of the UUID under which requests look it up from now on.
      const changed = [{ of: "consumer", about: "consumer", before, after: before } as const];
      return { writes: renaming(item, uuid), result: "repaired", changed };
    });
  } catch (error) {
    if (error instanceof ChangeTooLarge) return "left";
    throw error;
  }
}

/** Attributes that this release does not know are copied with the item. */
function renaming(item: Item, uuid: Uuid): GuardedWrite[] {
  const before = consumerOf(item);
  const { pk, sk } = item;
  const same = sameAs(before);
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

/** Look-up items follow their consumer, whose condition covers them. */
function unguarded(write: GuardedWrite["write"]): GuardedWrite {
  return guard(write, () => replan);
}
