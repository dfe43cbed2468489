/** Sums of a class over providers, and how tight it is. */
import { capacityOf, type Provider } from "./provider.ts";

export interface Sum {
  readonly total: number;
  readonly reserved: number;
  readonly capacity: number;
  readonly used: number;
}

export type Sums = ReadonlyMap<string, Sum>;

/** The class with the greatest used part of its capacity. */
export interface Tightness {
  readonly resourceClass: string;
  readonly part: number;
}

const NOTHING: Sum = { total: 0, reserved: 0, capacity: 0, used: 0 };

export const freeOf = ({ capacity, used }: Sum): number => Math.max(0, capacity - used);

/**
 * The used part of the capacity; null where nothing can be allocated and nothing is, as after a
 * drain. What is used beyond the capacity is a part above 1.
 */
export function usedPart({ capacity, used }: Sum): number | null {
  if (capacity > 0) return used / capacity;
  return used > 0 ? 1 : null;
}

export function sumsOf(providers: Iterable<Provider>): Map<string, Sum> {
  const sums = new Map<string, Sum>();
  for (const { inventories, usages } of providers) {
    for (const [name, inventory] of Object.entries(inventories)) {
      const used = usages[name] ?? 0;
      const { total, reserved } = inventory;
      addTo(sums, name, { total, reserved, capacity: capacityOf(inventory), used });
    }
  }
  return sums;
}

export function totalOf(all: Iterable<Sums>): Map<string, Sum> {
  const sums = new Map<string, Sum>();
  for (const each of all) for (const [name, sum] of each) addTo(sums, name, sum);
  return sums;
}

function addTo(sums: Map<string, Sum>, name: string, sum: Sum): void {
  const before = sums.get(name) ?? NOTHING;
  sums.set(name, {
    total: before.total + sum.total,
    reserved: before.reserved + sum.reserved,
    capacity: before.capacity + sum.capacity,
    used: before.used + sum.used,
  });
}

/** Of equal ones the first by name. Undefined: nothing can be allocated. */
export function tightestOf(sums: Sums): Tightness | undefined {
  let tightest: Tightness | undefined;
  for (const [resourceClass, sum] of sums) {
    const part = usedPart(sum);
    if (part === null) continue;
    const isTighter =
      tightest === undefined ||
      part > tightest.part ||
      (part === tightest.part && resourceClass < tightest.resourceClass);
    if (isTighter) tightest = { resourceClass, part };
  }
  return tightest;
}
