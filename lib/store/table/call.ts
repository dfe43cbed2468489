/**
 * One call of DynamoDB. It ends at a limit of its own or at the request's deadline, whichever
 * comes first, in every stage: while connecting, waiting for the headers, or amid the body,
 * which the SDK's own limits do not cover.
 */
import type { Clock } from "../../model/clock.ts";
import { CallTimedOut, OutOfTime } from "./faults.ts";

/** Milliseconds; a longer call is abandoned and tried again. */
export const CALL_LIMIT = 6_000;

/** For the SDK: closes the connection of an abandoned call. */
export interface CallOptions {
  readonly abortSignal: AbortSignal;
}

interface Time {
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly deadline: number;
}

/**
 * The result of `send`.
 * @throws OutOfTime, with nothing sent; CallTimedOut, with an unknown outcome; what `send`
 *   throws
 */
export async function call<T>(
  { clock, deadline }: Time,
  send: (options: CallOptions) => Promise<T>,
): Promise<T> {
  const left = Math.min(CALL_LIMIT, deadline - clock.now());
  if (left <= 0) throw new OutOfTime();
  const controller = new AbortController();
  let cancel = () => {};
  // Raced, since `send` may ignore the signal.
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
