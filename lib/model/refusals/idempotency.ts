/** Refusals about `Idempotency-Key`, our extension. */
import { Refusal } from "../refusal.ts";

export class BadIdempotencyKey extends Refusal {
  constructor(maxLength: number) {
    const detail = `An Idempotency-Key has 1 to ${maxLength} visible ASCII characters, without spaces and commas.`;
    super({ status: 400, detail });
  }
}

/** The key was used for another request, which was answered with success. */
export class IdempotencyKeyReused extends Refusal {
  constructor() {
    const detail =
      "This Idempotency-Key was used for another request: method, path, query, version and body have to be the same. Nothing was written.";
    super({ status: 422, detail, code: "placement.idempotency_key.reused" });
  }
}

/** An answer that is too large to be kept under the key. */
export class AnswerTooLargeToKeep extends Refusal {
  constructor(limit: number) {
    const detail = `The answer would have more than the ${limit} bytes that are kept under an Idempotency-Key. Nothing was written.`;
    super({ status: 400, detail });
  }
}
