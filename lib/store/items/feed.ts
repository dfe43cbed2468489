/**
 * The feed of events, in partitions: what was appended to each at once is one entry, with a number
 * that is one more than that of the entry before, and the partition's last number is in its counter.
 * See docs/events.md.
 */
import type { Uuid } from "../../model/uuid.ts";
import type { Key } from "../table/item.ts";
import { afterFirst, joined } from "./keys.ts";
import { shardOf } from "./shard.ts";

export const FEED = "FEED";

/** A cursor names a place in each: another number would make all of them invalid. */
export const FEED_PARTITIONS = 8;

/** All events of a subject are in one partition. */
export const feedPartitionOf = (subject: Uuid): number => shardOf(subject, FEED_PARTITIONS);

export const feedPk = (partition: number): string => joined(FEED, partition);

export const partitionOfFeed = ({ pk }: Key): number => Number(afterFirst(pk));
