/**
 * Subjects that come to be by changes under way. A change that makes a subject end gets its number
 * when no such change of the subject is under way. Else a beginning that was numbered before the
 * end could be applied after it: on a subject that was absent, came to be by another change, and
 * is absent again.
 */
import { Queue } from "./queue.ts";
import type { RetryContext } from "./retry.ts";

export class Beginnings {
  /** By subject, how many changes. */
  readonly #underWay = new Map<string, number>();
  readonly #waiting = new Queue<void>();

  add(subjects: readonly string[]): void {
    for (const each of subjects) this.#underWay.set(each, (this.#underWay.get(each) ?? 0) + 1);
  }

  /** It is decided whether they came to be. */
  remove(subjects: readonly string[]): void {
    for (const each of subjects) {
      const others = (this.#underWay.get(each) ?? 0) - 1;
      if (others > 0) this.#underWay.set(each, others);
      else this.#underWay.delete(each);
    }
    if (subjects.length === 0) return;
    this.#waiting.giveAll();
  }

  has(subjects: readonly string[]): boolean {
    return subjects.some((each) => this.#underWay.has(each));
  }

  /**
   * Until one is decided. Whether others are under way, `has` tells.
   * @throws Busy
   */
  next(context: Pick<RetryContext, "clock" | "deadline">): Promise<void> {
    return this.#waiting.wait(context);
  }
}
