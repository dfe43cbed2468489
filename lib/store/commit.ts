/** Commits guarded writes as one transaction. */
import type { GuardedWrite } from "./changes/guarded-write.ts";
import { judge, type Outcome } from "./changes/verdicts.ts";
import { intentOf } from "./items/write-intent.ts";
import { resolveIntents } from "./large-changes/resolve.ts";
import type { Note } from "./table/notes.ts";
import type { RawTable } from "./table/table.ts";
import { Transaction } from "./table/transaction.ts";

/**
 * Applies all of `writes` or none. Write intents of unfinished large changes are resolved
 * first, or waited for.
 * @param writes at most as many as a transaction holds
 * @param note is left exactly if they are applied
 * @throws Busy, with nothing written; UnknownOutcome; ItemTooLarge
 */
export async function commit(
  table: RawTable,
  writes: readonly GuardedWrite[],
  note?: Note,
): Promise<Outcome> {
  if (writes.length === 0) return { kind: "done" };
  const all = writes.map(({ write }) => write);
  const transaction = new Transaction(table.connection, table.context, all, note);
  for (;;) {
    const sent = await transaction.send();
    if (sent.kind === "done") return sent;
    const withIntent = sent.failures.flatMap(({ old }) =>
      intentOf(old) === undefined ? [] : (old ?? []),
    );
    if (withIntent.length === 0) {
      return judge(
        sent.failures.flatMap(({ index, old }) => {
          const guarded = writes[index];
          return guarded === undefined ? [] : { guarded, old };
        }),
      );
    }
    await resolveIntents(table, withIntent).catch((error: unknown) => {
      throw transaction.finalError(error);
    });
    await transaction.pause();
  }
}
