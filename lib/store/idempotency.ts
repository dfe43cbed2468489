/**
 * Answers that are kept under a client's `Idempotency-Key`. A record is written in
 * the transaction of the change that it answers, large ones included: either both
 * are there or neither. See docs/idempotency.md.
 */

import { AnswerTooLargeToKeep } from "../model/refusals/idempotency.ts";
import {
  applied,
  type GuardedWrite,
  guard,
  RANK,
  refuse,
  replan,
} from "./changes/guarded-write.ts";
import { read } from "./items/attributes.ts";
import { hotKey } from "./items/hot.ts";
import {
  idempotencyRecord,
  idempotencyRecordItem,
  idempotencyRecordKey,
  idempotencyRecordOf,
  type KeptAnswer,
  type KeptRecord,
  keptUntil,
} from "./items/idempotency-record.ts";
import type { Plan, Planner, Store } from "./store.ts";
import { absent, equals, keyOf } from "./table/expressions.ts";
import type { Item } from "./table/item.ts";
import { Busy, MAX_TRANSACTION_ITEMS } from "./table/refusals.ts";

export type { KeptAnswer, KeptRecord };

/** Milliseconds that an answer is kept. */
export const KEPT_FOR = 24 * 3_600_000;

/** A record is one item, of 400 KB at most. */
export const MAX_KEPT_BYTES = 300_000;

/** Where a request's answer is kept, and which request it is. */
export interface Slot {
  /** Hash of the caller and its key. */
  readonly id: string;
  /** Hash of the request. */
  readonly request: string;
}

/**
 * The record under the slot's id, also if it is of another request. An expired record is
 * removed: DynamoDB itself may take days to do so.
 */
export async function readKept(store: Store, slot: Slot): Promise<KeptRecord | undefined> {
  const item = await store.get(idempotencyRecordKey(slot.id));
  if (item === undefined || !isPast(store, item)) return item && idempotencyRecordOf(item);
  return store.change<KeptRecord | undefined>(async () => {
    const now = await store.get(idempotencyRecordKey(slot.id));
    if (now === undefined || !isPast(store, now)) {
      return { writes: [], result: now && idempotencyRecordOf(now) };
    }
    const { pk, sk } = now;
    const when = [equals(idempotencyRecord.attempt, read(now, idempotencyRecord.attempt))];
    return {
      writes: [guard({ kind: "delete", key: { pk, sk }, when }, () => replan)],
      result: undefined,
    };
  });
}

/**
 * `plan`, extended by the record of the answer: either both are written or neither.
 * @param answerOf the answer to what the change results in
 * @throws AnswerTooLargeToKeep when it is planned
 */
export function keeping<T>(
  store: Store,
  slot: Slot,
  plan: Planner<T>,
  answerOf: (result: T) => KeptAnswer,
): Planner<T> {
  return async (attempt) => {
    const planned = await plan(attempt);
    const answer = answerOf(planned.result);
    if (Buffer.byteLength(answer.body ?? "") > MAX_KEPT_BYTES) {
      throw new AnswerTooLargeToKeep(MAX_KEPT_BYTES);
    }
    return { ...planned, writes: [...planned.writes, recordWrite(store, slot, planned, answer)] };
  };
}

/** Writes the record if there is none. A request that is refused here reads the existing one. */
function recordWrite(
  store: Store,
  slot: Slot,
  { writes, fulfilled = [] }: Plan<unknown>,
  answer: KeptAnswer,
): GuardedWrite {
  const attempt = store.random.uuid();
  // A change in two phases raises the heads before it is decided: its repeats need not.
  const isLarge = writes.length >= MAX_TRANSACTION_ITEMS;
  const item = idempotencyRecordItem({
    ...slot,
    attempt,
    answer,
    touched: isLarge ? [] : [...fulfilled, ...writes.map(({ write }) => keyOf(write))],
    expires: store.clock.now() + KEPT_FOR,
  });
  return guard({ kind: "put", item, when: [absent("pk")] }, (old) =>
    old !== undefined && read(old, idempotencyRecord.attempt) === attempt
      ? applied
      : refuse(new Busy(), RANK.generation),
  );
}

function isPast(store: Store, item: Item): boolean {
  return keptUntil(item) <= store.clock.now();
}

/** Before an answer is given once more: the function that gave it first may have died at that. */
export async function appendAgain(store: Store, { providers }: KeptRecord): Promise<void> {
  await store.appendToShardLogs(providers.map(hotKey));
}
