/** A consumer without allocations, among the idle ones by age. */
import type { Consumer } from "../../model/consumer.ts";
import { storedUuid, type Uuid } from "../../model/uuid.ts";
import type { Item, Key } from "../table/item.ts";
import { afterFirst, firstPart, joined } from "./keys.ts";
import { shardOf } from "./shard.ts";

export const IDLE = "IDLE";

export const IDLE_PARTITIONS = 16;

/** Digits of a time: the text sorts as the number does. */
const DIGITS = 15;

export const idlePk = (partition: number): string => joined(IDLE, partition);

/** @param since milliseconds since 1970 */
export const idleKey = (consumer: Uuid, since: number): Key => ({
  pk: idlePk(shardOf(consumer, IDLE_PARTITIONS)),
  sk: joined(String(since).padStart(DIGITS, "0"), consumer),
});

/** The key contains everything. */
export function idleItem(given: Consumer): Item {
  return { ...idleKey(given.uuid, given.created) };
}

export interface IdleConsumer {
  readonly uuid: Uuid;
  readonly since: number;
}

export function idleConsumerOf({ sk }: Key): IdleConsumer {
  return { uuid: storedUuid(afterFirst(sk)), since: Number(firstPart(sk)) };
}
