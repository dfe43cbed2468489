/**
 * The position of a scheduled verification, with what it has counted: beside what the last whole
 * one has found, the only item that it writes unless it repairs.
 */
import { guard, replan } from "../../../changes/guarded-write.ts";
import type { VerifyTally } from "../../../items/verified.ts";
import {
  VERIFY_POSITION,
  verifyPositionItem,
  verifyPositionOf,
} from "../../../items/walk-position.ts";
import type { Store } from "../../../store.ts";
import type { Write } from "../../../table/expressions.ts";
import { positionOf, positionText, type WalkPosition } from "./position.ts";

export interface KeptWalk {
  readonly from: WalkPosition;
  readonly tally: VerifyTally | undefined;
}

/** Undefined to start from the beginning: walks with and without repairs differ. */
export async function keptPosition(store: Store, repair: boolean): Promise<KeptWalk | undefined> {
  const item = await store.get(VERIFY_POSITION);
  const kept = item && verifyPositionOf(item);
  const from = kept?.repair === repair ? positionOf(kept.place) : undefined;
  return from && { from, tally: kept?.tally };
}

export async function keepPosition(
  store: Store,
  repair: boolean,
  { from, tally }: KeptWalk,
): Promise<void> {
  const item = verifyPositionItem({ repair, place: positionText(from), tally });
  await write(store, { kind: "put", item, when: [] });
}

export async function forgetPosition(store: Store): Promise<void> {
  if ((await store.get(VERIFY_POSITION)) === undefined) return;
  await write(store, { kind: "delete", key: VERIFY_POSITION, when: [] });
}

async function write(store: Store, given: Write): Promise<void> {
  await store.change(async () => ({ writes: [guard(given, () => replan)], result: undefined }));
}
