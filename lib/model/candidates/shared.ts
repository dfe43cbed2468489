/**
 * Candidates of sharing providers alone, which are the same at every root where these are
 * anchored: a disk that many hosts share is one candidate.
 */
import type { Anchor } from "./anchor.ts";
import type { SearchPlan } from "./plan.ts";

export class SharedCandidates {
  readonly #isSharing: (row: number) => boolean;
  readonly #anySharing: boolean;
  /** By slot, the sharing providers of the anchors that have been opened. */
  readonly #opened = new Set<string>();
  readonly #found = new Set<string>();

  constructor({ snapshot }: SearchPlan) {
    this.#isSharing = (row) => snapshot.sharing.isSharing(row);
    this.#anySharing = snapshot.sharing.size > 0;
  }

  /** Whether an earlier anchor gives the same candidates of sharing providers alone. */
  areElsewhere({ options }: Anchor): boolean {
    if (!this.#anySharing || !options.every((rows) => rows.some(this.#isSharing))) return false;
    const sharing = options.map((rows) => rows.filter(this.#isSharing));
    const key = sharing.map((rows) => rows.toSorted((a, b) => a - b).join()).join(";");
    if (this.#opened.has(key)) return true;
    this.#opened.add(key);
    return false;
  }

  /** Whether an assignment has sharing providers alone and was found before. */
  isRepeated(rows: readonly number[]): boolean {
    if (!this.#anySharing || !rows.every(this.#isSharing)) return false;
    const key = rows.join();
    if (this.#found.has(key)) return true;
    this.#found.add(key);
    return false;
  }
}
