/**
 * Usages of a project's consumers. Idle consumers use nothing and are not counted.
 *
 * Source: Placement API reference, "Usages".
 */
import type { Amounts } from "./inventory.ts";

export interface UsingConsumer {
  readonly type: string | null;
  /** By class id as text, as they are stored; undefined while the consumer is idle. */
  readonly amounts: Readonly<Record<string, number>> | undefined;
}

export interface UsageGroup {
  readonly count: number;
  readonly amounts: Amounts;
}

/** The type that puts all consumers into one group of this name. */
export const ALL = "all";
const UNKNOWN = "unknown";

function sorted(sums: Iterable<readonly [number, number]>): Amounts {
  return new Map([...sums].sort(([a], [b]) => a - b));
}

export function sumUsages(consumers: readonly { readonly amounts: Amounts }[]): Amounts {
  const sums = new Map<number, number>();
  for (const { amounts } of consumers) {
    for (const [id, amount] of amounts) sums.set(id, (sums.get(id) ?? 0) + amount);
  }
  return sorted(sums);
}

export interface Sums {
  count: number;
  /** By class id as text. */
  readonly amounts: Map<string, number>;
}

/** Sums by consumer type. Consumers are added one by one, and not kept. */
export class UsageGroups {
  readonly #type: string | undefined;
  readonly #groups = new Map<string, Sums>();

  /** @param type only this one, or `ALL`; undefined: each in a group of its own */
  constructor(type: string | undefined) {
    this.#type = type;
  }

  add({ type, amounts }: UsingConsumer): void {
    if (amounts === undefined) return;
    const group = this.#groupOf(type);
    if (group === undefined) return;
    group.count += 1;
    for (const id in amounts) {
      group.amounts.set(id, (group.amounts.get(id) ?? 0) + (amounts[id] ?? 0));
    }
  }

  /** Consumers of one type that were summed before. */
  addSum(type: string | null, { count, amounts }: Sums): void {
    const group = this.#groupOf(type);
    if (group === undefined) return;
    group.count += count;
    for (const [id, amount] of amounts) {
      group.amounts.set(id, (group.amounts.get(id) ?? 0) + amount);
    }
  }

  /** Undefined: consumers of the type are left out. */
  #groupOf(type: string | null): Sums | undefined {
    const name = this.#type === ALL ? ALL : (type ?? UNKNOWN);
    if (this.#type !== undefined && this.#type !== name) return undefined;
    let group = this.#groups.get(name);
    if (group === undefined) {
      group = { count: 0, amounts: new Map() };
      this.#groups.set(name, group);
    }
    return group;
  }

  /** In the order of the types' names; consumers without a type under `unknown`, which is last. */
  result(): Map<string, UsageGroup> {
    return new Map(
      [...this.#groups].sort(byName).map(([name, { count, amounts }]) => {
        const byId = [...amounts].map(([id, amount]) => [Number(id), amount] as const);
        return [name, { count, amounts: sorted(byId) }];
      }),
    );
  }
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : Number(a > b);
}
