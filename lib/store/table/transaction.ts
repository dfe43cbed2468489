/**
 * Sends one transaction until it has a definite answer.
 *
 * Every write, even of a single item, is a TransactWriteItems request with a token: so a
 * write whose answer was lost can be sent again, and the second attempt is not refused
 * because of what the first one wrote.
 */
import type { CancellationReason } from "@aws-sdk/client-dynamodb";
import { call } from "./call.ts";
import type { Calls, Connection } from "./connection.ts";
import { keyOf, toTransactItem, type Write } from "./expressions.ts";
import { faultOf } from "./faults.ts";
import { type Item, keyText } from "./item.ts";
import { Busy, ItemTooLarge, MAX_TRANSACTION_ITEMS, UnknownOutcome } from "./refusals.ts";
import { backOff, fullJitter, type Policy, policyAfter, type RetryContext } from "./retry.ts";
import { decodeItem } from "./wire/items.ts";

/** A write whose condition failed, and the item as it is stored. */
export interface Failure {
  readonly index: number;
  readonly old: Item | undefined;
}

export type Sent =
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly failures: readonly Failure[] };

/** The same writes under the same token, sent repeatedly if necessary. */
export class Transaction {
  readonly #connection: Connection;
  readonly #context: RetryContext;
  readonly #input: Calls["TransactWriteItems"]["input"];
  #uncertain = false;
  #attempt = 0;

  constructor(connection: Connection, context: RetryContext, writes: readonly Write[]) {
    assertSendable(writes);
    this.#connection = connection;
    this.#context = context;
    this.#input = {
      TransactItems: writes.map((write) => toTransactItem(write, connection.tableName)),
      ClientRequestToken: context.random.uuid(),
    };
  }

  /** Whether an answer was lost: a condition may then fail because of these writes themselves. */
  get uncertain(): boolean {
    return this.#uncertain;
  }

  /**
   * Applies all writes or none.
   * @throws Busy, with nothing written; UnknownOutcome; ItemTooLarge
   */
  async send(): Promise<Sent> {
    for (;;) {
      let policy = fullJitter;
      try {
        await call(this.#context, (options) =>
          this.#connection.client.send("TransactWriteItems", this.#input, options),
        );
        return { kind: "done" };
      } catch (error) {
        const fault = faultOf(error);
        if (fault.kind === "too_large") throw this.finalError(new ItemTooLarge());
        if (fault.kind === "fatal") throw this.finalError(error);
        if (fault.kind === "ambiguous" || fault.kind === "in_progress") this.#uncertain = true;
        if (fault.kind === "cancelled") return { kind: "failed", failures: failed(fault.reasons) };
        policy = policyAfter(fault.kind);
      }
      await this.pause(policy);
    }
  }

  /**
   * Waits before the next attempt.
   * @throws Busy or UnknownOutcome when there is no time left
   */
  async pause(policy: Policy = fullJitter): Promise<void> {
    this.#attempt += 1;
    if (await backOff(this.#context, this.#attempt, policy)) return;
    throw this.finalError(new Busy());
  }

  /**
   * The error that the caller receives if `error` ends the attempts. After a lost answer, the
   * refusal of a later attempt says nothing about an earlier one.
   */
  finalError(error: unknown): unknown {
    if (!this.#uncertain || error instanceof UnknownOutcome) return error;
    return new UnknownOutcome({ cause: error });
  }
}

function failed(reasons: readonly CancellationReason[]): Failure[] {
  return reasons.flatMap((reason, index) => {
    if (reason.Code !== "ConditionalCheckFailed") return [];
    return {
      index,
      old: reason.Item === undefined ? undefined : (decodeItem(reason.Item) as Item),
    };
  });
}

function assertSendable(writes: readonly Write[]): void {
  if (writes.length > MAX_TRANSACTION_ITEMS) throw new Error("too many writes for a transaction");
  const keys = new Set(writes.map((write) => keyText(keyOf(write))));
  if (keys.size !== writes.length) throw new Error("a transaction may touch an item only once");
}
