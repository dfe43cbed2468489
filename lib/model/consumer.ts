/**
 * Consumers: the holders of allocations.
 *
 * Source: Placement API reference, "Allocations".
 */
import type { Amounts } from "./inventory.ts";
import type { Lease } from "./lease.ts";
import type { Uuid } from "./uuid.ts";

/** Amounts by provider; providers and classes in the order in which the last write named them. */
export type Allocations = ReadonlyMap<Uuid, Amounts>;

export interface Owner {
  readonly project: string;
  readonly user: string;
  /** Null: none. It is shown as `unknown`. */
  readonly type: string | null;
}

/**
 * When allocations were written, and at which place in the request: the order of a provider's
 * consumers.
 */
export interface Claimed {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** From 0. */
  readonly place: number;
}

export interface Consumer extends Owner {
  readonly uuid: Uuid;
  readonly generation: number;
  /** Changes with every write: distinguishes incarnations and writes of equal generation. */
  readonly writeId: string;
  /** Changes when a consumer is deleted and created again. */
  readonly incarnation: string;
  readonly allocations: Allocations;
  /** The last write of its allocations; changes of owner, type or generation alone do not count. */
  readonly claimed: Claimed;
  readonly created: number;
  readonly updated: number;
  /** Undefined: it never had one. */
  readonly lease?: Lease | undefined;
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
