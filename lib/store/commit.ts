/**
 * Commits guarded writes as one transaction.
 *
 * Every write goes through TransactWriteItems with a token, a single item's
 * too: only so can a write whose answer was lost be sent again without the
 * second try being refused by what the first one did.
 */

import type { CancellationReason } from "@aws-sdk/client-dynamodb";
import { TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { Connection } from "./connection.ts";
import { faultOf } from "./faults.ts";
import type { GuardedWrite, Verdict } from "./guarded-write.ts";
import type { Item } from "./item.ts";
import { keyText } from "./item.ts";
import {
  Busy,
  ItemTooLarge,
  MAX_TRANSACTION_ITEMS,
  TransactionTooLarge,
  UnknownOutcome,
} from "./refusals.ts";
import { backOff, type RetryContext } from "./retry.ts";
import { keyOf, MARK, toTransactItem } from "./write.ts";

export type Outcome =
  | { readonly kind: "done" }
  | Extract<Verdict, { kind: "replan" }>
  | Extract<Verdict, { kind: "refuse" }>;

/**
 * Applies all of `writes` or none.
 * @throws Busy, with nothing written; UnknownOutcome; TransactionTooLarge
 */
export async function commit(
  connection: Connection,
  context: RetryContext,
  writes: readonly GuardedWrite[],
): Promise<Outcome> {
  if (writes.length > MAX_TRANSACTION_ITEMS) throw new TransactionTooLarge(writes.length);
  assertDistinct(writes);
  const input = {
    TransactItems: writes.map(({ write }) => toTransactItem(write, connection.tableName)),
    ClientRequestToken: context.random.uuid(),
  };
  let uncertain = false;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await connection.client.send(new TransactWriteCommand(input));
      return { kind: "done" };
    } catch (error) {
      const fault = faultOf(error);
      if (fault.kind === "too_large") throw new ItemTooLarge();
      if (fault.kind === "fatal") throw error;
      if (fault.kind === "ambiguous" || fault.kind === "in_progress") uncertain = true;
      if (fault.kind === "cancelled") {
        const decided = decide(writes, fault.reasons);
        if (decided !== "marked") return decided;
      }
    }
    if (!(await backOff(context, attempt))) throw uncertain ? new UnknownOutcome() : new Busy();
  }
}

/** One outcome from the verdicts of all failed conditions. */
function decide(
  writes: readonly GuardedWrite[],
  reasons: readonly CancellationReason[],
): Outcome | "marked" {
  const verdicts: Verdict[] = [];
  for (const [index, reason] of reasons.entries()) {
    if (reason.Code !== "ConditionalCheckFailed") continue;
    const old = reason.Item === undefined ? undefined : (unmarshall(reason.Item) as Item);
    if (old !== undefined && MARK in old) return "marked";
    const verdict = writes[index]?.verdict(old);
    if (verdict !== undefined) verdicts.push(verdict);
  }
  if (verdicts.some((verdict) => verdict.kind === "applied")) return { kind: "done" };
  const refusals = verdicts
    .filter((verdict) => verdict.kind === "refuse")
    .sort((a, b) => a.rank - b.rank || (a.order ?? 0) - (b.order ?? 0));
  const first = refusals[0];
  if (first !== undefined && first.rank === 0) return first;
  const moved = verdicts.length === 0 || verdicts.some((verdict) => verdict.kind === "replan");
  return moved || first === undefined ? { kind: "replan" } : first;
}

function assertDistinct(writes: readonly GuardedWrite[]): void {
  const keys = new Set(writes.map(({ write }) => keyText(keyOf(write))));
  if (keys.size !== writes.length) throw new Error("a transaction may touch an item only once");
}
