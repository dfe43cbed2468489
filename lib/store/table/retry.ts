/** Bounded retries with full jitter, under one deadline for the whole request. */
import type { Clock, Random } from "../../model/clock.ts";
import { type CallOptions, call } from "./call.ts";
import { faultOf } from "./faults.ts";
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

const BASE_DELAY = 15;
const MAX_DELAY = 1_000;
export const MAX_ATTEMPTS = 60;

/**
 * Waits before try number `attempt` (from 1); false if there is no time left.
 * Source: AWS Architecture Blog, "Exponential Backoff And Jitter" (full jitter).
 */
export async function backOff(context: RetryContext, attempt: number): Promise<boolean> {
  if (attempt >= MAX_ATTEMPTS) return false;
  const ceiling = Math.min(MAX_DELAY, BASE_DELAY * 2 ** Math.min(attempt, 10));
  const delay = context.random.fraction() * ceiling;
  if (context.clock.now() + delay >= context.deadline) return false;
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
      if (kind === "fatal" || kind === "cancelled") throw error;
      if (!(await backOff(context, attempt))) throw new Busy();
    }
  }
}
