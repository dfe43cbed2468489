/**
 * What is sent again, and when. A refusal after which nothing was written (429, 503 with
 * `Retry-After`) is; a lost answer only where a repeat does no harm.
 */
import { AnswerLost, isErrorDocument, type PlacementRefusal, refusalFrom } from "./errors.ts";
import type { Clock, Random } from "./platform.ts";
import type { Incoming } from "./transport.ts";

export interface Pacing {
  readonly clock: Clock;
  readonly random: Random;
}

/** Milliseconds of the first pause at most, and of any. */
const FIRST_PAUSE = 100;
const MAX_PAUSE = 20_000;

/** Sleeps before try number `tries` + 1: a random part of a time that doubles (full jitter). */
export async function pause(
  { clock, random }: Pacing,
  tries: number,
  retryAfter = 0,
): Promise<void> {
  const most = Math.min(FIRST_PAUSE * 2 ** (tries - 1), MAX_PAUSE);
  const least = Math.min(retryAfter * 1_000, MAX_PAUSE);
  await clock.sleep(least + random.fraction() * most);
}

/** A failed try: what it throws, and whether the service says that nothing was written. */
export interface Failure {
  readonly error: PlacementRefusal | AnswerLost;
  readonly lost: boolean;
  readonly retryAfter: number | undefined;
}

/** Statuses of gateways, and of a function that failed: the request may have been carried out. */
const LOST = [500, 502, 504];

/** @returns undefined if the answer is a success */
export function failureOf(incoming: Incoming): Failure | undefined {
  const { status, body } = incoming;
  if (status < 400) return undefined;
  const refusal = refusalFrom(incoming);
  const { retryAfter } = refusal;
  if (LOST.includes(status) || (status === 503 && !isErrorDocument(body))) {
    const error = new AnswerLost(`${status} instead of an answer: ${refusal.detail}`);
    return { error, lost: true, retryAfter };
  }
  return { error: refusal, lost: false, retryAfter };
}

/** @param repeatable whether a repeat of what was carried out already does no harm */
export function mayRetry({ error, lost, retryAfter }: Failure, repeatable: boolean): boolean {
  if (lost || error instanceof AnswerLost) return repeatable;
  return error.status === 429 || (error.status === 503 && retryAfter !== undefined);
}
