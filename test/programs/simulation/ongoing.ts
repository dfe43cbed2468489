/**
 * Which items a transaction is under way on. DynamoDB refuses a write, or a transaction that reads or
 * checks, if another transaction on one of its items is not over yet; the one under way goes on.
 *
 * Source: Amazon DynamoDB Developer Guide, "Amazon DynamoDB Transactions: How it works",
 * section "Transaction conflict handling in DynamoDB",
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
 */
import { type Key, keyText } from "../../../lib/store/table/item.ts";

interface Hold {
  readonly until: number;
  /** Of the transaction that holds it; undefined if it has none. */
  readonly token: string | undefined;
}

/** How a call stands to the transactions under way; undefined: none is in its way. */
export type Overlap =
  /** With its own first attempt. */
  | { readonly kind: "itself" }
  /** With others, on the items at these places among its own. */
  | { readonly kind: "others"; readonly places: readonly number[] };

export class Ongoing {
  readonly #holds = new Map<string, Hold>();

  hold(keys: readonly Key[], hold: Hold): void {
    for (const key of keys) this.#holds.set(keyText(key), hold);
  }

  overlap(keys: readonly Key[], now: number, token: string | undefined): Overlap | undefined {
    const found = keys.flatMap((key, place) => {
      const hold = this.#holds.get(keyText(key));
      return hold !== undefined && now < hold.until ? [{ place, hold }] : [];
    });
    if (found.length === 0) return undefined;
    if (token !== undefined && found.every(({ hold }) => hold.token === token)) {
      return { kind: "itself" };
    }
    return { kind: "others", places: found.map(({ place }) => place) };
  }
}
