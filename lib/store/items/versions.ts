import type { Random } from "../../model/clock.ts";

/** Number of random versions. */
const VERSIONS = 2 ** 48;

/**
 * A first version for an item that may be created more than once under one key. It is random,
 * so that a version of an earlier item does not occur again.
 */
export function newVersion(random: Random): number {
  return Math.floor(random.fraction() * VERSIONS);
}

/**
 * The version after `known`, random too, and never `known` itself. Two contents of one item
 * never have the same version, even if the table was restored to an earlier point in between
 * and the item changed again: what is kept elsewhere under a version is the content of it.
 */
export function nextVersion(random: Random, known: number): number {
  return (known + 1 + Math.floor(random.fraction() * (VERSIONS - 1))) % VERSIONS;
}

/** Generations, revisions and versions: whole numbers from 0. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
