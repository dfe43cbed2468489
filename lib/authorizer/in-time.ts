/** One limit of time for all that a validation takes: several calls may follow each other. */
import type { TokenKind } from "../api/identity-document.ts";
import type { Log } from "../api/runtime.ts";
import type { Clock } from "../model/clock.ts";
import type { Authenticate } from "./authenticator.ts";

/** Milliseconds. API Gateway waits 10 s for an authorizer, and then answers 500 itself. */
const TIME_LIMIT = 8_000;

interface Parts {
  readonly kind: TokenKind;
  readonly clock: Clock;
  readonly log: Log;
}

/** What is late goes on: its answer is remembered for the next request. */
export function inTime(authenticate: Authenticate, { kind, clock, log }: Parts): Authenticate {
  return (headers) =>
    new Promise((resolve, reject) => {
      const cancel = clock.after(TIME_LIMIT, () => {
        log({ level: "WARN", message: "a token could not be validated", reason: "out of time" });
        resolve({ kind, status: "unavailable" });
      });
      authenticate(headers).then(resolve, reject).finally(cancel);
    });
}
