/** What a task has changed, for the log: see `task.ts`. */
import { linesOf } from "./logged-names.ts";

/** Names that are kept of one invocation, which is cut off after a minute. */
export const MAX_CHANGED = 50_000;

export class ChangedNames {
  readonly #names = new Set<string>();
  #dropped = 0;

  readonly add = (...names: readonly string[]): void => {
    for (const name of names) {
      if (this.#names.has(name)) continue;
      if (this.#names.size < MAX_CHANGED) this.#names.add(name);
      else this.#dropped += 1;
    }
  };

  /** Of all names, the dropped ones too, which may be counted repeatedly. */
  get count(): number {
    return this.#names.size + this.#dropped;
  }

  /** One part for each line, and one without names if there are none. */
  lines(): readonly (readonly string[])[] {
    const lines = linesOf(this.#names);
    return lines.length === 0 ? [[]] : lines;
  }
}
