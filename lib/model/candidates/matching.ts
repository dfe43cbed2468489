/** Whether slots can be assigned to providers that take a limited number each. */
import type { Budget } from "./budget.ts";

/**
 * A matching by augmenting paths (Kuhn's algorithm, with capacities).
 * @param options by slot, the providers that may take it
 * @param capacityOf slots that a provider may take at most
 * @param budget once it is exhausted the result is true, and the caller ends the search
 */
export function canSpread(
  options: readonly (readonly number[])[],
  capacityOf: (provider: number) => number,
  budget: Budget,
): boolean {
  const taken = new Map<number, number[]>();
  const place = (slot: number, visited: Set<number>): boolean => {
    for (const provider of options[slot] ?? []) {
      budget.spend(1);
      if (visited.has(provider)) continue;
      visited.add(provider);
      let holders = taken.get(provider);
      if (holders === undefined) {
        holders = [];
        taken.set(provider, holders);
      }
      if (holders.length < capacityOf(provider)) {
        holders.push(slot);
        return true;
      }
      for (let index = 0; index < holders.length; index += 1) {
        if (place(holders[index] ?? 0, visited)) {
          holders[index] = slot;
          return true;
        }
      }
    }
    return false;
  };
  return options.every((_, slot) => budget.exhausted || place(slot, new Set()));
}
