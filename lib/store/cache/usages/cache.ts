/** The projects whose consumers a function keeps: large ones that it was asked for lately. */
import { KeptProject } from "./kept-project.ts";
import type { UsageLimits } from "./limits.ts";

export class ProjectUsages {
  readonly #maxAge: number;
  readonly #limits: UsageLimits;
  /** In the order of their last use. */
  readonly #projects = new Map<string, KeptProject>();

  /** @param maxAge milliseconds after which a project is read in full, no matter what the logs name */
  constructor(maxAge: number, limits: UsageLimits) {
    this.#maxAge = maxAge;
    this.#limits = limits;
  }

  /**
   * Undefined: reading in full is as cheap, or the project was not read yet.
   * @param user the hash of one whose consumers alone are wanted
   * @param now milliseconds since 1970
   */
  find(project: string, user: string | undefined, now: number): KeptProject | undefined {
    const kept = this.#projects.get(project);
    if (kept === undefined) return undefined;
    this.#projects.delete(project);
    this.#projects.set(project, kept);
    if (user === undefined) return kept;
    // Where the project is read in full again and again, a user is less.
    const isLess = kept.isStrained(now) || kept.sums.countOf(user) < this.#limits.least;
    return isLess ? undefined : kept;
  }

  /** @param consumers that a request has found in the project */
  found(project: string, consumers: number): void {
    const { least, most } = this.#limits;
    const fits = (size: number) => size >= least && size <= most;
    const kept = this.#projects.get(project);
    if (kept === undefined) {
      if (!fits(consumers)) return;
      this.#projects.set(project, new KeptProject(project, this.#maxAge, this.#limits));
    } else if (kept.isRead && !fits(kept.size)) {
      this.#projects.delete(project);
    }
    this.#makeRoom();
  }

  #makeRoom(): void {
    let total = 0;
    for (const { size } of this.#projects.values()) total += size;
    for (const [project, { size }] of this.#projects) {
      const fits = total <= this.#limits.total && this.#projects.size <= this.#limits.projects;
      if (fits || this.#projects.size === 1) return;
      this.#projects.delete(project);
      total -= size;
    }
  }
}
