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
