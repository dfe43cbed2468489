/**
 * Sends one transaction until it has a definite answer.
 *
 * Every write goes through TransactWriteItems with a token, a single item's
 * too: only so can a write whose answer was lost be sent again without the
 * second try being refused by what the first one did.
 */
import type { CancellationReason } from "@aws-sdk/client-dynamodb";
import { TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { call } from "./call.ts";
import type { Connection } from "./connection.ts";
import { keyOf, toTransactItem, type Write } from "./expressions.ts";
import { faultOf } from "./faults.ts";
import { type Item, keyText } from "./item.ts";
import { Busy, ItemTooLarge, MAX_TRANSACTION_ITEMS, UnknownOutcome } from "./refusals.ts";
import { backOff, type RetryContext } from "./retry.ts";

/** A write whose condition failed, and the item that it met. */
export interface Failure {
  readonly index: number;
  readonly old: Item | undefined;
}

export type Sent =
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly failures: readonly Failure[] };

/** The same writes under the same token, sent as often as it takes. */
export class Transaction {
  readonly #connection: Connection;
  readonly #context: RetryContext;
  readonly #input: ConstructorParameters<typeof TransactWriteCommand>[0];
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

  /** Whether an answer was lost: a failed condition may then be failed by these very writes. */
  get uncertain(): boolean {
    return this.#uncertain;
  }

  /**
   * Applies all writes or none.
   * @throws Busy, with nothing written; UnknownOutcome; ItemTooLarge
   */
  async send(): Promise<Sent> {
    for (;;) {
      try {
        const command = new TransactWriteCommand(this.#input);
        await call(this.#context, (options) => this.#connection.client.send(command, options));
        return { kind: "done" };
      } catch (error) {
        const fault = faultOf(error);
        if (fault.kind === "too_large") throw this.told(new ItemTooLarge());
        if (fault.kind === "fatal") throw this.told(error);
        if (fault.kind === "ambiguous" || fault.kind === "in_progress") this.#uncertain = true;
        if (fault.kind === "cancelled") return { kind: "failed", failures: failed(fault.reasons) };
      }
      await this.pause();
    }
  }

  /**
   * Waits before the next try.
   * @throws Busy or UnknownOutcome when there is no time left
   */
  async pause(): Promise<void> {
    this.#attempt += 1;
    if (await backOff(this.#context, this.#attempt)) return;
    throw this.told(new Busy());
  }

  /**
   * What the caller is told where `error` ends the tries. Once an answer was lost, a refusal of
   * a later try says nothing about what the earlier one did.
   */
  told(error: unknown): unknown {
    if (!this.#uncertain || error instanceof UnknownOutcome) return error;
    return new UnknownOutcome({ cause: error });
  }
}

function failed(reasons: readonly CancellationReason[]): Failure[] {
  return reasons.flatMap((reason, index) => {
    if (reason.Code !== "ConditionalCheckFailed") return [];
    return {
      index,
      old: reason.Item === undefined ? undefined : (unmarshall(reason.Item) as Item),
    };
  });
}

function assertSendable(writes: readonly Write[]): void {
  if (writes.length > MAX_TRANSACTION_ITEMS) throw new Error("too many writes for a transaction");
  const keys = new Set(writes.map((write) => keyText(keyOf(write))));
  if (keys.size !== writes.length) throw new Error("a transaction may touch an item only once");
}
