/**
 * Usages of a project's consumers. Idle consumers use nothing and are not counted.
 *
 * Source: Placement API reference, "Usages".
 */
import type { Amounts } from "./inventory.ts";

export interface UsingConsumer {
  readonly type: string | null;
  readonly amounts: Amounts | undefined;
}

export interface UsageGroup {
  readonly count: number;
  readonly amounts: Amounts;
}

const ALL = "all";
const UNKNOWN = "unknown";

function sorted(sums: Amounts): Amounts {
  return new Map([...sums].sort(([a], [b]) => a - b));
}

export function sumUsages(consumers: readonly UsingConsumer[]): Amounts {
  const sums = new Map<number, number>();
  for (const { amounts } of consumers) {
    for (const [id, amount] of amounts ?? []) sums.set(id, (sums.get(id) ?? 0) + amount);
  }
  return sorted(sums);
}

/**
 * By consumer type, in the order of their names; consumers without a type under `unknown`,
 * which is last.
 * @param type only this one; `all` puts everything into one group
 */
export function groupUsages(
  consumers: readonly UsingConsumer[],
  type: string | undefined,
): Map<string, UsageGroup> {
  const groups = new Map<string, UsingConsumer[]>();
  for (const consumer of consumers) {
    if (consumer.amounts === undefined) continue;
    const name = type === ALL ? ALL : (consumer.type ?? UNKNOWN);
    if (type !== undefined && type !== name) continue;
    groups.set(name, [...(groups.get(name) ?? []), consumer]);
  }
  return new Map(
    [...groups]
      .sort(byName)
      .map(([name, members]) => [name, { count: members.length, amounts: sumUsages(members) }]),
  );
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : Number(a > b);
}
