/**
 * Answers that are kept under a client's `Idempotency-Key`. A record is written in
 * the transaction of the change that it answers, large ones included: either both
 * are there or neither. See docs/idempotency.md.
 */
import { AnswerTooLargeToKeep } from "../model/refusals/idempotency.ts";
import { bytesToUuid, type Uuid, uuidToBytes } from "../model/uuid.ts";
import {
  applied,
  type GuardedWrite,
  guard,
  RANK,
  refuse,
  replan,
} from "./changes/guarded-write.ts";
import { HOT, hotKey, idempotencyRecordKey, providerIn } from "./items/keys.ts";
import type { Plan, Store } from "./store.ts";
import { absent, equals, keyOf } from "./table/expressions.ts";
import type { Item, Key } from "./table/item.ts";
import { Busy, MAX_TRANSACTION_ITEMS } from "./table/refusals.ts";
import { TABLE_SCHEMA } from "./table/table-schema.ts";

/** Milliseconds that an answer is kept. */
export const KEPT_FOR = 24 * 3_600_000;

/** A record is one item, of 400 KB at most. */
export const MAX_KEPT_BYTES = 300_000;

const UUID_BYTES = 16;

/** Where a request's answer is kept, and which request it is. */
export interface Slot {
  /** Hash of the caller and its key. */
  readonly id: string;
  /** Hash of the request. */
  readonly request: string;
}

/** An answer as it is kept: all but what belongs to one exchange, as its request id. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string | undefined;
  readonly lastModified: number | "unknown" | undefined;
}

export interface KeptRecord {
  readonly request: string;
  readonly answer: KeptAnswer;
  /** Whose heads have to be raised before the answer is given once more. */
  readonly providers: readonly Uuid[];
}

/**
 * What is kept under the slot's id, whatever request it is of. A record that is
 * past its time is removed: DynamoDB itself may take days to do so.
 */
export async function readKept(store: Store, slot: Slot): Promise<KeptRecord | undefined> {
  const item = await store.get(idempotencyRecordKey(slot.id));
  if (item === undefined || !isPast(store, item)) return item && recordOf(item);
  return store.change<KeptRecord | undefined>(async () => {
    const now = await store.get(idempotencyRecordKey(slot.id));
    if (now === undefined || !isPast(store, now)) {
      return { writes: [], result: now && recordOf(now) };
    }
    const { pk, sk } = now;
    const when = [equals(["attempt"], now["attempt"])];
    return {
      writes: [guard({ kind: "delete", key: { pk, sk }, when }, () => replan)],
      result: undefined,
    };
  });
}

/**
 * A store whose one change also keeps the answer to it.
 * @param answerOf the answer that the operation gives to what its change results in
 */
export function keeping(
  store: Store,
  slot: Slot,
  answerOf: (result: unknown) => Promise<KeptAnswer>,
): Store {
  let changes = 0;
  return withChange(store, (plan) => {
    changes += 1;
    if (changes > 1) throw new Error("an operation makes one change");
    return store.change(async (attempt) => {
      const planned = await plan(attempt);
      return kept(store, slot, planned, await answerOf(planned.result));
    });
  });
}

/** A store in which the change has come about already, with `result`. */
export function changedTo(store: Store, result: unknown): Store {
  return withChange(store, async <T>() => result as T);
}

/** Keeps the answer to a request that changes nothing. */
export async function keepAlone(store: Store, slot: Slot, answer: KeptAnswer): Promise<void> {
  await store.change(async () => kept(store, slot, { writes: [], result: undefined }, answer));
}

function kept<T>(store: Store, slot: Slot, planned: Plan<T>, answer: KeptAnswer): Plan<T> {
  if (Buffer.byteLength(answer.body ?? "") > MAX_KEPT_BYTES) {
    throw new AnswerTooLargeToKeep(MAX_KEPT_BYTES);
  }
  return { ...planned, writes: [...planned.writes, recordWrite(store, slot, planned, answer)] };
}

/** The record, if there is none. Whoever is told that there is one reads it. */
function recordWrite(
  store: Store,
  slot: Slot,
  { writes, fulfilled = [] }: Plan<unknown>,
  answer: KeptAnswer,
): GuardedWrite {
  const attempt = store.random.uuid();
  const item = {
    ...idempotencyRecordKey(slot.id),
    attempt,
    request: slot.request,
    status: answer.status,
    headers: answer.headers,
    ...(answer.body === undefined ? {} : { body: answer.body }),
    ...(answer.lastModified === undefined ? {} : { modified: answer.lastModified }),
    ...providersAttribute(writes, fulfilled),
    [TABLE_SCHEMA.timeToLive]: Math.ceil((store.clock.now() + KEPT_FOR) / 1_000),
  };
  return guard({ kind: "put", item, when: [absent("pk")] }, (old) =>
    old?.["attempt"] === attempt ? applied : refuse(new Busy(), RANK.generation),
  );
}

/** A change in two phases raises the heads before it is decided: its repeats need not. */
function providersAttribute(writes: readonly GuardedWrite[], fulfilled: readonly Key[]) {
  if (writes.length >= MAX_TRANSACTION_ITEMS) return {};
  const keys = [...fulfilled, ...writes.map(({ write }) => keyOf(write))];
  const hot = keys.map(({ sk }) => sk).filter((sk) => sk.startsWith(HOT));
  if (hot.length === 0) return {};
  return { providers: Buffer.concat(hot.map((sk) => uuidToBytes(providerIn(sk)))) };
}

function isPast(store: Store, item: Item): boolean {
  return (item[TABLE_SCHEMA.timeToLive] as number) * 1_000 <= store.clock.now();
}

function recordOf(item: Item): KeptRecord {
  const bytes = (item["providers"] as Uint8Array | undefined) ?? new Uint8Array();
  const count = bytes.length / UUID_BYTES;
  return {
    request: item["request"] as string,
    answer: {
      status: item["status"] as number,
      headers: item["headers"] as Record<string, string>,
      body: item["body"] as string | undefined,
      lastModified: item["modified"] as number | "unknown" | undefined,
    },
    providers: Array.from({ length: count }, (_, index) =>
      bytesToUuid(bytes.slice(index * UUID_BYTES, (index + 1) * UUID_BYTES)),
    ),
  };
}

/** Before an answer is given once more: the function that gave it first may have died at that. */
export async function appendAgain(store: Store, { providers }: KeptRecord): Promise<void> {
  await store.appendToShardLogs(providers.map(hotKey));
}

/** `store` with another `change`; whatever else a store has stays as it is. */
function withChange(store: Store, change: Store["change"]): Store {
  return new Proxy(store, {
    get(target, name) {
      if (name === "change") return change;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
