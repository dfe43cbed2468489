/** What a project's consumers use, summed so that single consumers can be taken away again. */
import { type Sums, type UsageGroup, UsageGroups } from "./usages.ts";

/** A consumer that holds something. */
export interface Use {
  /** The user, or what stands for it. */
  readonly user: string;
  readonly type: string | null;
  /** By class id as text. */
  readonly amounts: Readonly<Record<string, number>>;
}

interface TypeSums extends Sums {
  /** By class id, the consumers that hold some of it. */
  readonly holders: Map<string, number>;
}

export class UsageSums {
  readonly #users = new Map<string, Map<string | null, TypeSums>>();

  add(use: Use): void {
    this.#change(use, 1);
  }

  /** @param use one that was added */
  remove(use: Use): void {
    this.#change(use, -1);
  }

  /** The consumers of a user. */
  countOf(user: string): number {
    let count = 0;
    for (const sums of this.#users.get(user)?.values() ?? []) count += sums.count;
    return count;
  }

  /**
   * By consumer type, as `UsageGroups` has them.
   * @param user undefined: of all
   * @param type only this one, or `ALL`; undefined: each in a group of its own
   */
  groups(user: string | undefined, type: string | undefined): Map<string, UsageGroup> {
    const groups = new UsageGroups(type);
    const users = user === undefined ? [...this.#users.keys()] : [user];
    for (const each of users) {
      for (const [name, sums] of this.#users.get(each) ?? []) groups.addSum(name, sums);
    }
    return groups.result();
  }

  #change({ user, type, amounts }: Use, sign: 1 | -1): void {
    const types = this.#users.get(user) ?? new Map<string | null, TypeSums>();
    this.#users.set(user, types);
    const sums = types.get(type) ?? { count: 0, amounts: new Map(), holders: new Map() };
    types.set(type, sums);
    sums.count += sign;
    for (const id in amounts) {
      const holders = (sums.holders.get(id) ?? 0) + sign;
      sums.holders.set(id, holders);
      sums.amounts.set(id, (sums.amounts.get(id) ?? 0) + sign * (amounts[id] ?? 0));
      if (holders > 0) continue;
      sums.holders.delete(id);
      sums.amounts.delete(id);
    }
    if (sums.count > 0) return;
    types.delete(type);
    if (types.size === 0) this.#users.delete(user);
  }
}
