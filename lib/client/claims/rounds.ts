/** Read, decide, write; and again where others wrote in between. */
import { isRefusal } from "../errors.ts";
import { type Pacing, pause } from "../retry.ts";

export interface RoundsOptions {
  /** How often a change is decided at most. Default: 5. */
  readonly maxRounds?: number;
}

const DEFAULT_ROUNDS = 5;

/**
 * Runs `round` until it is not refused for a stale generation. Each gets an idempotency key
 * of its own, since each writes something else; a repeat within it has the same key.
 *
 * @throws the refusal `placement.concurrent_update` of the last round, and what `round` throws
 */
export async function inRounds<T>(
  pacing: Pacing,
  { maxRounds = DEFAULT_ROUNDS }: RoundsOptions,
  round: (number: number, idempotencyKey: string) => Promise<T>,
): Promise<T> {
  for (let number = 1; ; number += 1) {
    try {
      return await round(number, pacing.random.uuid());
    } catch (error) {
      if (!isRefusal(error, "placement.concurrent_update") || number >= maxRounds) throw error;
    }
    await pause(pacing, number);
  }
}
