/** The names of what a task has changed, for the log: see `task.ts`. */
import { linesOf } from "./logged-names.ts";

/** Names kept for one invocation, which ends after a minute. */
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

  /** Of all names, including dropped ones, which may be counted more than once. */
  get count(): number {
    return this.#names.size + this.#dropped;
  }

  /** The names of each log line; one empty line if there are none. */
  lines(): readonly (readonly string[])[] {
    const lines = linesOf(this.#names);
    return lines.length === 0 ? [[]] : lines;
  }
}
