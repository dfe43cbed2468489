import type { Random } from "../../model/clock.ts";

/**
 * A first version for an item that may be created more than once under one key. It is random,
 * so that a version of an earlier item does not occur again.
 */
export function newVersion(random: Random): number {
  return Math.floor(random.fraction() * 2 ** 48);
}

/** Generations, revisions and versions: whole numbers from 0. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
