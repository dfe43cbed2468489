/**
 * Consumers: who holds allocations.
 *
 * Source: Placement API reference, "Allocations".
 */
import type { Amounts } from "./inventory.ts";
import type { Uuid } from "./uuid.ts";

/** Amounts by provider, in the order in which they were written. */
export type Allocations = ReadonlyMap<Uuid, Amounts>;

export interface Owner {
  readonly project: string;
  readonly user: string;
  /** Null for a consumer from before consumer types: it shows as `unknown`. */
  readonly type: string | null;
}

export interface Consumer extends Owner {
  readonly uuid: Uuid;
  readonly generation: number;
  /** Changes with every write: tells lives and writes of equal generation apart. */
  readonly operation: string;
  /** Changes when a consumer is deleted and made again. */
  readonly life: string;
  readonly allocations: Allocations;
  readonly created: number;
  readonly updated: number;
}

export const NO_ALLOCATIONS: Allocations = new Map();

export function isIdle(consumer: Consumer): boolean {
  return consumer.allocations.size === 0;
}

/** The sum over all providers. */
export function totals(allocations: Allocations): Amounts {
  const sums = new Map<number, number>();
  for (const amounts of allocations.values()) {
    for (const [id, amount] of amounts) sums.set(id, (sums.get(id) ?? 0) + amount);
  }
  return sums;
}
