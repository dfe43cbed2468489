/** The number of committed large changes, from the commit index, as a function remembers it. */
import { readCommitIndex } from "../large-changes/commit-index.ts";
import { Busy } from "../table/refusals.ts";
import type { RawTable } from "../table/table.ts";

/** How often an answer of many items is assembled again. */
const MAX_ANSWERS = 12;

export class CommitCount {
  /** As any request of the function last read it. */
  #last: number | undefined;

  /**
   * The result of a `read` during which no large change was committed.
   * @param read may run several times
   * @param commitsOf the count, if `read` itself read it after all of the items; else
   *   undefined
   * @throws Busy
   */
  async unchangedDuring<T>(
    table: RawTable,
    read: () => Promise<T>,
    commitsOf: (result: T) => number | undefined = () => undefined,
  ): Promise<T> {
    let before = this.#last ?? (await readCommitIndex(table)).commits;
    for (let attempt = 1; attempt <= MAX_ANSWERS; attempt += 1) {
      const result = await read();
      const now = commitsOf(result) ?? (await readCommitIndex(table)).commits;
      this.#last = now;
      if (now === before) return result;
      before = now;
    }
    throw new Busy();
  }
}
