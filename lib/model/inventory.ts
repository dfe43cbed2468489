/**
 * Inventories: what a provider offers of a resource class, and when a claim fits.
 *
 * Source: Placement API reference, "Resource provider inventories".
 */
import type { ClassId } from "./standard-classes.ts";

export interface Inventory {
  readonly total: number;
  readonly reserved: number;
  readonly minUnit: number;
  readonly maxUnit: number;
  readonly stepSize: number;
  readonly allocationRatio: number;
}

/** An inventory as stored: `free` is the capacity less `used`, negative if more is used. */
export interface StoredInventory extends Inventory {
  readonly used: number;
  readonly free: number;
}

export type Inventories = ReadonlyMap<ClassId, StoredInventory>;

/** Amounts of resource classes. */
export type Amounts = ReadonlyMap<ClassId, number>;

const LARGEST = Number.MAX_SAFE_INTEGER;

/** Low enough that nothing fits, and high enough that subtracting the use is exact. */
const LOWEST = -(2 ** 52);

function exactCapacity(inventory: Inventory): number {
  return (inventory.total - inventory.reserved) * inventory.allocationRatio;
}

/**
 * The amount that can be allocated: `(total - reserved) * allocation_ratio`, taken as a
 * binary64 and floored. For integer claims the floor decides exactly as a comparison with the
 * product does.
 */
export function capacityOf(inventory: Inventory): number {
  return Math.max(LOWEST, Math.min(LARGEST, Math.floor(exactCapacity(inventory))));
}

/** The capacity truncated toward zero: validated when an inventory is written. */
export function truncatedCapacity(inventory: Inventory): number {
  return Math.trunc(exactCapacity(inventory));
}

export function withUse(inventory: Inventory, used: number): StoredInventory {
  return { ...inventory, used, free: capacityOf(inventory) - used };
}

/** One more than the largest max_unit: no inventory allows it. */
const TOO_MUCH = 2 ** 31;

/**
 * Clients may name any amount. Amounts that no inventory allows are reduced to this limit, so
 * that sums of many amounts are exact and every refused amount can be shown.
 */
export function clampAmount(amount: number): number {
  return Math.min(amount, TOO_MUCH);
}

export type ClaimFault = "missing" | "units" | "step" | "capacity";

/** The amount of a class that a consumer is to hold in all, and the amount before. */
export interface ClaimedAmount {
  readonly amount: number;
  readonly before: number;
}

/**
 * The checks that apply to a claim. An unchanged amount only needs its inventory to exist,
 * since an inventory may be changed while it is in use; a lowered amount may still exceed a
 * max_unit that was set since.
 */
export function measuresOf({ amount, before }: ClaimedAmount) {
  const rises = amount > before;
  return { units: amount !== before, maxUnit: rises, capacity: rises };
}

/**
 * Why a claim does not fit; undefined if it does.
 * @param increase the change of the use of the class, over all claims of a request
 */
export function claimFault(
  inventory: StoredInventory | undefined,
  claimed: ClaimedAmount,
  increase: number,
): ClaimFault | undefined {
  if (inventory === undefined) return "missing";
  const { amount } = claimed;
  const measures = measuresOf(claimed);
  if (measures.units && amount < inventory.minUnit) return "units";
  if (measures.maxUnit && amount > inventory.maxUnit) return "units";
  if (measures.units && amount % inventory.stepSize !== 0) return "step";
  if (measures.capacity && increase > 0 && increase > inventory.free) return "capacity";
  return undefined;
}

export function sameInventory(a: Inventory, b: Inventory): boolean {
  return (
    a.total === b.total &&
    a.reserved === b.reserved &&
    a.minUnit === b.minUnit &&
    a.maxUnit === b.maxUnit &&
    a.stepSize === b.stepSize &&
    a.allocationRatio === b.allocationRatio
  );
}
