/** The refusals of the store itself, independent of what is stored. */
import { Refusal } from "../../model/refusal.ts";

/** DynamoDB's limit on the actions of one transaction. */
export const MAX_TRANSACTION_ITEMS = 100;

/** Nothing was written, and the request may be sent again. */
abstract class NotNow extends Refusal {
  constructor(detail: string) {
    super({ status: 503, detail, retryAfter: 1 });
  }
}

/** The table is busy and nothing was written; the request may be sent again. */
export class Busy extends NotNow {
  constructor() {
    super("The table is busy; nothing was written. Please send the request again.");
  }
}

/** The embedded engine cannot write to its disk: reads go on, and writes are refused at once. */
export class StorageFull extends NotNow {
  constructor() {
    super(
      "The disk of the server is full or fails; nothing was written. Please send the request later.",
    );
  }
}

/** The answer to a write was lost and no repeat of it was answered in time. */
export class UnknownOutcome extends Refusal {
  /**
   * @param keyed the request has an `Idempotency-Key`, so that it may be sent again at will
   * @param cause why the replays ended: it would be the answer if none had been lost
   */
  constructor({ keyed = false, cause }: { keyed?: boolean; cause?: unknown } = {}) {
    const advice = keyed
      ? "Please send it again with the same Idempotency-Key."
      : "Please read before you send it again.";
    const detail = `The answer to this write was lost: whether it was applied is unknown. ${advice}`;
    super({ status: 503, detail, ...(keyed ? { retryAfter: 1 } : {}) });
    if (cause !== undefined) this.cause = cause;
  }
}

/** The request would change more items than the operator allows. */
export class ChangeTooLarge extends Refusal {
  constructor(items: number, limit: number) {
    const detail = `The request changes ${items} items; at most ${limit} can change at once. Nothing was written.`;
    super({ status: 413, detail });
  }
}

/** An item or an expression exceeds DynamoDB's limits (400 KB; 4 KB, 300 operators). */
export class ItemTooLarge extends Refusal {
  constructor() {
    const detail = "The request makes a record larger than can be stored. Nothing was written.";
    super({ status: 400, detail });
  }
}

/** The table was written by a newer release than this one. */
export class NewerTableFormat extends Refusal {
  constructor(found: number, known: number) {
    const detail = `The table has format ${found} and this release knows format ${known}: deploy a newer release.`;
    super({ status: 503, detail });
  }
}

/** A dump is being loaded into the table, or its load was cut off. */
export class UnfinishedLoad extends Refusal {
  constructor() {
    const detail =
      "The table is being loaded from a dump, or the load was cut off: run `npm run load` once more.";
    super({ status: 503, detail });
  }
}

/** Records contradict each other, as after a partial restore; nothing was written. */
export class DamagedRecords extends Refusal {
  constructor(what: string) {
    const detail = `The stored records contradict each other (${what}); nothing was written. Run the maintenance function that rebuilds them.`;
    super({ status: 503, detail });
  }
}
