/** Where a scheduled verification continues: the only item that it writes unless it repairs. */
import { guard, replan } from "../../../changes/guarded-write.ts";
import type { Store } from "../../../store.ts";
import type { Write } from "../../../table/expressions.ts";
import type { Key } from "../../../table/item.ts";
import { positionOf, positionText, type WalkPosition } from "./position.ts";

const POSITION_KEY: Key = { pk: "META#VERIFY", sk: "META" };

/** Undefined to start from the beginning: the walks with and without repairs differ. */
export async function keptPosition(
  store: Store,
  repair: boolean,
): Promise<WalkPosition | undefined> {
  const item = await store.get(POSITION_KEY);
  return item?.["repair"] === repair ? positionOf(String(item["place"])) : undefined;
}

export async function keepPosition(
  store: Store,
  repair: boolean,
  position: WalkPosition,
): Promise<void> {
  const item = { ...POSITION_KEY, repair, place: positionText(position) };
  await write(store, { kind: "put", item, when: [] });
}

export async function forgetPosition(store: Store): Promise<void> {
  if ((await store.get(POSITION_KEY)) === undefined) return;
  await write(store, { kind: "delete", key: POSITION_KEY, when: [] });
}

async function write(store: Store, given: Write): Promise<void> {
  await store.change(async () => ({ writes: [guard(given, () => replan)], result: undefined }));
}
