/**
 * The last attempt of a process in one of its slots: see `table/attempts.ts`. Items of processes
 * that ended stay until the next process of a data folder removes them.
 */
import { AttemptSlots } from "../table/attempts.ts";
import { below } from "../table/expressions.ts";
import type { Key } from "../table/item.ts";
import { attribute, read, stored } from "./attributes.ts";
import { joined } from "./keys.ts";

/** The partition of all attempts, so that those of ended processes are found. */
export const ATTEMPTS = "ATTEMPTS";

export const attemptKey = (process: string, slot: number): Key => ({
  pk: ATTEMPTS,
  sk: joined(process, slot),
});

const SLOT = /#(0|[1-9]\d*)$/;

/** Undefined: no key of an attempt. */
export function processOf({ pk, sk }: Key): string | undefined {
  return pk === ATTEMPTS && SLOT.test(sk) ? sk.replace(SLOT, "") : undefined;
}

const attempt = {
  /** Rises with every transaction of the slot that is applied. */
  number: attribute<number>("n"),
} as const;

/** Not validated. */
export const attemptNumberOf = (item: Readonly<Record<string, unknown>>): unknown =>
  read(item, attempt.number);

/** @param process an id that no process had before */
export function attemptSlots(process: string): AttemptSlots {
  return new AttemptSlots({
    process,
    put: (slot, number, limit) => ({
      kind: "put",
      item: { ...attemptKey(process, slot), ...stored(attempt, { number }) },
      when: [below(attempt.number, limit)],
    }),
    numberOf: (item) => Number(attemptNumberOf(item)),
  });
}
