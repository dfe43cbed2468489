/**
 * One call of DynamoDB. It ends by a limit of its own or with the time of the request
 * that makes it, whichever comes first, wherever it stands by then: connecting, waiting
 * for the headers, or amid the body, to which the SDK's own limits do not extend.
 */
import type { Clock } from "../../model/clock.ts";
import { CallTimedOut, OutOfTime } from "./faults.ts";

/** Milliseconds; a call that takes longer is worth another try. */
export const CALL_LIMIT = 6_000;

/** For the SDK: ends the connection of a call that is given up. */
export interface CallOptions {
  readonly abortSignal: AbortSignal;
}

interface Time {
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly deadline: number;
}

/**
 * What `send` resolves to.
 * @throws OutOfTime, with nothing sent; CallTimedOut, with nothing known; what `send` throws
 */
export async function call<T>(
  { clock, deadline }: Time,
  send: (options: CallOptions) => Promise<T>,
): Promise<T> {
  const left = Math.min(CALL_LIMIT, deadline - clock.now());
  if (left <= 0) throw new OutOfTime();
  const controller = new AbortController();
  let cancel = () => {};
  // Raced, since what is sent may not heed the signal.
  const over = new Promise<never>((_, reject) => {
    cancel = clock.after(left, () => {
      reject(new CallTimedOut());
      controller.abort();
    });
  });
  try {
    return await Promise.race([send({ abortSignal: controller.signal }), over]);
  } finally {
    cancel();
  }
}
