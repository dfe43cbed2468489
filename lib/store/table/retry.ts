/** Bounded retries with jitter, under one deadline for the whole request. */
import type { Clock, Random } from "../../model/clock.ts";
import { type CallOptions, call } from "./call.ts";
import { type Fault, faultOf } from "./faults.ts";
import { Busy, ItemTooLarge } from "./refusals.ts";

export interface RetryContext {
  readonly clock: Clock;
  readonly random: Random;
  /** Milliseconds since 1970. */
  readonly deadline: number;
  readonly counts: Counts;
}

/** The cost of a request so far, for its log line. */
export interface Counts {
  /** Calls of DynamoDB and plans that were repeated. */
  retries: number;
}

/** Whether no further work may begin. */
export function isOutOfTime({ clock, deadline }: RetryContext): boolean {
  return clock.now() >= deadline;
}

/**
 * Milliseconds to wait before try number `attempt` (from 1), by a number from 0 to 1 that is drawn;
 * undefined: the tries are over.
 */
export type Policy = (attempt: number, fraction: number) => number | undefined;

const BASE_DELAY = 15;
const MAX_DELAY = 1_000;
const MAX_ATTEMPTS = 60;

/** Source: AWS Architecture Blog, "Exponential Backoff And Jitter" (full jitter). */
export const fullJitter: Policy = (attempt, fraction) => {
  if (attempt >= MAX_ATTEMPTS) return undefined;
  return fraction * Math.min(MAX_DELAY, BASE_DELAY * 2 ** Math.min(attempt, 10));
};

/** Milliseconds; chosen by the model of test/programs/simulation/contention: see docs/performance.md. */
const AFTER_CONFLICT = {
  base: 20,
  growth: 1.5,
  longest: 1_000,
  young: 12,
  shortest: 150,
  tries: 300,
};

/**
 * After another transaction has kept an item busy: what is in the way ends soon. Delays grow more
 * slowly than under load, and shrink again for a write that has waited for long, so that it gets its
 * turn before those that came later.
 */
export const afterConflict: Policy = (attempt, fraction) => {
  const { base, growth, longest, young, shortest, tries } = AFTER_CONFLICT;
  if (attempt >= tries) return undefined;
  const ceiling = Math.min(longest, base * growth ** Math.min(attempt, young));
  return (
    fraction * Math.max(Math.min(ceiling, shortest), ceiling / (1 + Math.max(0, attempt - young)))
  );
};

/** Waits before try number `attempt` (from 1); false if there is no time or no try left. */
export async function backOff(
  context: RetryContext,
  attempt: number,
  policy: Policy = fullJitter,
): Promise<boolean> {
  const delay = policy(attempt, context.random.fraction());
  if (delay === undefined || context.clock.now() + delay >= context.deadline) return false;
  context.counts.retries += 1;
  await context.clock.sleep(delay);
  return true;
}

/**
 * Sends a read, or a write that may be repeated.
 * @throws Busy at the deadline; every error that is refused permanently
 */
export async function retrying<T>(
  context: RetryContext,
  send: (options: CallOptions) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call(context, send);
    } catch (error) {
      const { kind } = faultOf(error);
      if (kind === "too_large") throw new ItemTooLarge();
      if (kind === "fatal" || kind === "cancelled" || kind === "full") throw error;
      if (!(await backOff(context, attempt, policyAfter(kind)))) throw new Busy();
    }
  }
}

/** @param kind of the fault */
export function policyAfter(kind: Fault["kind"]): Policy {
  return kind === "conflict" ? afterConflict : fullJitter;
}
