/** Commits guarded writes as one transaction. */
import type { GuardedWrite } from "./changes/guarded-write.ts";
import { judge, type Outcome } from "./changes/verdicts.ts";
import { intentOf } from "./items/write-intent.ts";
import { resolveIntents } from "./large-changes/resolve.ts";
import type { Write } from "./table/expressions.ts";
import type { RawTable } from "./table/table.ts";
import { Transaction } from "./table/transaction.ts";

/** `joint`: there were joint writes, which were applied, too. */
export type Committed =
  | { readonly kind: "done"; readonly joint: boolean }
  | Exclude<Outcome, { kind: "done" }>;

/**
 * Applies all of `writes` or none, with the unguarded `joint` ones. Write intents of unfinished large changes are resolved
 * first, or waited for.
 * @param writes at most as many as a transaction holds, with `joint`
 * @param joint left out if just a condition of theirs fails: it says nothing about the change
 * @throws Busy, with nothing written; UnknownOutcome; ItemTooLarge
 */
export async function commit(
  table: RawTable,
  writes: readonly GuardedWrite[],
  joint: readonly Write[],
): Promise<Committed> {
  if (writes.length === 0) return { kind: "done", joint: false };
  const all = [...writes.map(({ write }) => write), ...joint];
  const transaction = new Transaction(table.connection, table.context, all);
  for (;;) {
    const sent = await transaction.send();
    if (sent.kind === "done") return { kind: "done", joint: joint.length > 0 };
    const withIntent = sent.failures.flatMap(({ old }) =>
      intentOf(old) === undefined ? [] : (old ?? []),
    );
    if (withIntent.length === 0) {
      const isJoint = sent.failures.every(({ index }) => index >= writes.length);
      if (isJoint && sent.failures.length > 0) return commit(table, writes, []);
      const outcome = judge(
        sent.failures.flatMap(({ index, old }) => {
          const guarded = writes[index];
          return guarded === undefined ? [] : { guarded, old };
        }),
      );
      return outcome.kind === "done" ? { ...outcome, joint: false } : outcome;
    }
    await resolveIntents(table, withIntent).catch((error: unknown) => {
      throw transaction.finalError(error);
    });
    await transaction.pause();
  }
}
