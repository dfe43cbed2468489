/**
 * Sends one transaction until it has a definite answer.
 *
 * Every write, even of a single item, is a TransactWriteItems request that is recognised when it
 * is sent again, by a request token or by an attempt: so a write whose answer was lost can be
 * sent again, and the second try is not refused because of what the first one wrote.
 */
import type { CancellationReason } from "@aws-sdk/client-dynamodb";
import type { Applied, Attempt } from "./attempts.ts";
import { call } from "./call.ts";
import type { Calls, Connection } from "./connection.ts";
import { keyOf, toTransactItem, type Write } from "./expressions.ts";
import { faultOf, firstFailure } from "./faults.ts";
import { type Item, keyText } from "./item.ts";
import type { Note } from "./notes.ts";
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

type Input = Calls["TransactWriteItems"]["input"];

/** What the same writes are recognised by when they are sent again. */
type Identity =
  | { readonly token: string; readonly attempt?: undefined }
  | { readonly token?: undefined; readonly attempt: Attempt };

/** Writes that fit one transaction: an attempt takes the place of one. */
export function transactionItems({ attempts }: Connection): number {
  return attempts === undefined ? MAX_TRANSACTION_ITEMS : MAX_TRANSACTION_ITEMS - 1;
}

/** The same writes, sent repeatedly if necessary, and applied once. */
export class Transaction {
  readonly #connection: Connection;
  readonly #context: RetryContext;
  readonly #writes: readonly Write[];
  readonly #note: Note | undefined;
  /** A token is the transaction's for good, an attempt that of one `send`. */
  #identity: Identity | undefined;
  #uncertain = false;
  #tries = 0;

  /** @param note is left by its attempt, where the connection has attempts */
  constructor(
    connection: Connection,
    context: RetryContext,
    writes: readonly Write[],
    note?: Note | undefined,
  ) {
    assertSendable(writes, transactionItems(connection));
    this.#connection = connection;
    this.#context = context;
    this.#writes = writes;
    this.#note = note;
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
    let applied: Applied;
    try {
      const sent = await this.#decided();
      applied = sent.kind === "done";
      return sent;
    } finally {
      const attempt = this.#identity?.attempt;
      if (attempt !== undefined) this.#identity = undefined;
      attempt?.end(this.#uncertain ? applied : (applied ?? false));
    }
  }

  async #decided(): Promise<Sent> {
    const sent = await this.#repeat(async () => this.#request(await this.#identified()));
    const attempt = this.#identity?.attempt;
    if (sent.kind === "done" || attempt === undefined) return sent;
    // The first action is the attempt's, and decides.
    const [first] = sent.failures;
    const isDone = first?.index === 0 ? this.#isApplied(attempt, first) : this.#stop(attempt);
    if (await isDone) return { kind: "done" };
    const failures = sent.failures.map(({ index, old }) => ({ index: index - 1, old }));
    return { kind: "failed", failures };
  }

  async #identified(): Promise<Identity> {
    const { attempts } = this.#connection;
    this.#identity ??=
      attempts === undefined
        ? { token: this.#context.random.uuid() }
        : { attempt: await attempts.take(this.#context, this.#note) };
    return this.#identity;
  }

  #request(identity: Identity): Input {
    const { attempt, token } = identity;
    const writes = attempt === undefined ? this.#writes : [attempt.write, ...this.#writes];
    return this.#input(writes, token);
  }

  #input(writes: readonly Write[], token?: string): Input {
    const { tableName } = this.#connection;
    const TransactItems = writes.map((write) => toTransactItem(write, tableName));
    return token === undefined ? { TransactItems } : { TransactItems, ClientRequestToken: token };
  }

  /** @throws Error if another transaction has used the slot meanwhile, which cannot be */
  async #isApplied(attempt: Attempt, { old }: Failure): Promise<boolean> {
    if (attempt.wasApplied(old)) return true;
    throw this.finalError(new Error("a slot of this process was used by another one"));
  }

  /**
   * After a refusal: a try whose answer was lost may still be on its way, and is prevented from
   * being applied.
   * @returns whether one was applied before
   */
  async #stop(attempt: Attempt): Promise<boolean> {
    if (!this.#uncertain) return false;
    const sent = await this.#repeat(async () => this.#input([attempt.fence]));
    if (sent.kind === "failed" && attempt.wasApplied(sent.failures[0]?.old)) return true;
    this.#uncertain = false;
    return false;
  }

  async #repeat(request: () => Promise<Input>): Promise<Sent> {
    for (;;) {
      const input = await request();
      let policy = fullJitter;
      try {
        await call(this.#context, (options) =>
          this.#connection.client.send("TransactWriteItems", input, options),
        );
        return { kind: "done" };
      } catch (error) {
        const fault = faultOf(error);
        if (fault.kind === "too_large") throw this.finalError(new ItemTooLarge());
        if (fault.kind === "fatal" || fault.kind === "full") throw this.finalError(error);
        if (fault.kind === "ambiguous" || fault.kind === "in_progress") this.#uncertain = true;
        if (fault.kind === "cancelled") return { kind: "failed", failures: failed(fault.reasons) };
        // A condition of an attempt decides, even if other items are busy.
        const first = this.#connection.attempts && firstFailure(error);
        if (first !== undefined) return { kind: "failed", failures: failed([first]) };
        policy = policyAfter(fault.kind);
      }
      await this.pause(policy);
    }
  }

  /**
   * Waits before the next try.
   * @throws Busy or UnknownOutcome when there is no time left
   */
  async pause(policy: Policy = fullJitter): Promise<void> {
    this.#tries += 1;
    if (await backOff(this.#context, this.#tries, policy)) return;
    throw this.finalError(new Busy());
  }

  /**
   * The error that the caller receives if `error` ends the tries. After a lost answer, the
   * refusal of a later try says nothing about an earlier one.
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

function assertSendable(writes: readonly Write[], most: number): void {
  if (writes.length > most) throw new Error("too many writes for a transaction");
  const keys = new Set(writes.map((write) => keyText(keyOf(write))));
  if (keys.size !== writes.length) throw new Error("a transaction may touch an item only once");
}
