/** Where a scheduled verification goes on: the only thing that it writes unless it repairs. */
import { guard, replan } from "../../changes/guarded-write.ts";
import {
  VERIFY_POSITION,
  verifyPositionItem,
  verifyPositionOf,
} from "../../items/walk-position.ts";
import type { Store } from "../../store.ts";
import type { Write } from "../../table/expressions.ts";
import { type Place, placeOf, placeText } from "./place.ts";

/** Undefined to begin anew: with and without repairs the walks differ. */
export async function keptPlace(store: Store, repair: boolean): Promise<Place | undefined> {
  const item = await store.get(VERIFY_POSITION);
  const kept = item && verifyPositionOf(item);
  return kept?.repair === repair ? placeOf(kept.place) : undefined;
}

export async function keepPlace(store: Store, repair: boolean, place: Place): Promise<void> {
  const item = verifyPositionItem({ repair, place: placeText(place) });
  await write(store, { kind: "put", item, when: [] });
}

export async function forgetPlace(store: Store): Promise<void> {
  if ((await store.get(VERIFY_POSITION)) === undefined) return;
  await write(store, { kind: "delete", key: VERIFY_POSITION, when: [] });
}

async function write(store: Store, given: Write): Promise<void> {
  await store.change(async () => ({ writes: [guard(given, () => replan)], result: undefined }));
}
