/**
 * Answers that are kept under a client's `Idempotency-Key`. A record is written in the
 * transaction of the change that it answers, large changes included: both are written or
 * neither. See docs/idempotency.md.
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

/** Milliseconds for which an answer is kept. */
export const KEPT_FOR = 24 * 3_600_000;

/** Bytes of the kept answer: a record is one item, of 400 KB at most. */
export const MAX_KEPT_BYTES = 300_000;

/** Where a request's answer is kept, and the hash of the request. */
export interface KeySlot {
  /** Hash of the caller and its key. */
  readonly id: string;
  /** Hash of the request. */
  readonly request: string;
}

/**
 * The record under the slot's id, also if it is of another request. An expired record is
 * deleted: DynamoDB itself may take days.
 */
export async function readKept(store: Store, slot: KeySlot): Promise<KeptRecord | undefined> {
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
 * Extends `plan` with the record of the answer: both are written or neither.
 * @param answerOf the answer for the result of the change
 * @throws AnswerTooLargeToKeep when it is planned
 */
export function keeping<T>(
  store: Store,
  slot: KeySlot,
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

/** Writes the record if there is none. A request that is refused here reads the existing record. */
function recordWrite(
  store: Store,
  slot: KeySlot,
  { writes, fulfilled = [], named = [] }: Plan<unknown>,
  answer: KeptAnswer,
): GuardedWrite {
  const attempt = store.random.uuid();
  // A large change appends to the shard logs before its decision: its repeats need not. That of
  // one that just fits on DynamoDB and not on the embedded engine appends in vain.
  const isLarge = writes.length >= MAX_TRANSACTION_ITEMS;
  const item = idempotencyRecordItem({
    ...slot,
    attempt,
    answer,
    touched: isLarge ? [] : [...fulfilled, ...named, ...writes.map(({ write }) => keyOf(write))],
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

/** Called before a kept answer is repeated: the first function may have died before its append. */
export async function appendAgain(store: Store, { providers }: KeptRecord): Promise<void> {
  await store.appendToShardLogs(providers.map(hotKey));
}
