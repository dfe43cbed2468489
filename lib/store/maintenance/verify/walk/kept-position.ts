/** The position of a scheduled verification: the only item that it writes unless it repairs. */
import { guard, replan } from "../../../changes/guarded-write.ts";
import {
  VERIFY_POSITION,
  verifyPositionItem,
  verifyPositionOf,
} from "../../../items/walk-position.ts";
import type { Store } from "../../../store.ts";
import type { Write } from "../../../table/expressions.ts";
import { positionOf, positionText, type WalkPosition } from "./position.ts";

/** Undefined to start from the beginning: walks with and without repairs differ. */
export async function keptPosition(
  store: Store,
  repair: boolean,
): Promise<WalkPosition | undefined> {
  const item = await store.get(VERIFY_POSITION);
  const kept = item && verifyPositionOf(item);
  return kept?.repair === repair ? positionOf(kept.place) : undefined;
}

export async function keepPosition(
  store: Store,
  repair: boolean,
  position: WalkPosition,
): Promise<void> {
  const item = verifyPositionItem({ repair, place: positionText(position) });
  await write(store, { kind: "put", item, when: [] });
}

export async function forgetPosition(store: Store): Promise<void> {
  if ((await store.get(VERIFY_POSITION)) === undefined) return;
  await write(store, { kind: "delete", key: VERIFY_POSITION, when: [] });
}

async function write(store: Store, given: Write): Promise<void> {
  await store.change(async () => ({ writes: [guard(given, () => replan)], result: undefined }));
}
