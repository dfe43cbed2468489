/** Amounts by class id, as the items of consumers hold them. */
import type { Amounts } from "../../model/inventory.ts";

/** By class id as text. */
export type StoredAmounts = Readonly<Record<string, number>>;

export function amountsAttribute(amounts: Amounts): Record<string, number> {
  return Object.fromEntries([...amounts].map(([id, amount]) => [String(id), amount]));
}

/** In the order of class ids, which is that of the standard list. */
export function amountsOf(attribute: unknown): Amounts {
  const entries = Object.entries((attribute ?? {}) as StoredAmounts);
  return new Map(
    entries.map(([id, amount]) => [Number(id), amount] as const).sort(([a], [b]) => a - b),
  );
}

export function sumOfStored(given: readonly StoredAmounts[]): StoredAmounts {
  const sums: Record<string, number> = {};
  for (const amounts of given) {
    for (const id in amounts) sums[id] = (sums[id] ?? 0) + (amounts[id] ?? 0);
  }
  return sums;
}
