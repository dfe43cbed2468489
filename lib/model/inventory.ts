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

/** An inventory as stored: `free` is the capacity less `used`, negative when over-full. */
export interface StoredInventory extends Inventory {
  readonly used: number;
  readonly free: number;
}

export type Inventories = ReadonlyMap<ClassId, StoredInventory>;

/** Amounts of resource classes. */
export type Amounts = ReadonlyMap<ClassId, number>;

const LARGEST = Number.MAX_SAFE_INTEGER;

/** Low enough for "nothing fits", and high enough that what is used can be taken off it exactly. */
const LOWEST = -(2 ** 52);

function exactCapacity(inventory: Inventory): number {
  return (inventory.total - inventory.reserved) * inventory.allocationRatio;
}

/**
 * The units that can be claimed: `(total - reserved) * allocation_ratio`, taken
 * as a binary64 and floored. With integer claims the floor decides exactly as a
 * comparison with the product does.
 */
export function capacityOf(inventory: Inventory): number {
  return Math.max(LOWEST, Math.min(LARGEST, Math.floor(exactCapacity(inventory))));
}

/** The capacity truncated toward zero: what is checked when an inventory is written. */
export function truncatedCapacity(inventory: Inventory): number {
  return Math.trunc(exactCapacity(inventory));
}

export function withUse(inventory: Inventory, used: number): StoredInventory {
  return { ...inventory, used, free: capacityOf(inventory) - used };
}

/** One more than the largest max_unit: no inventory takes it. */
const TOO_MUCH = 2 ** 31;

/**
 * Clients may name any amount. What no inventory takes is cut off, so that sums
 * of many amounts are exact and whatever is refused can be written down.
 */
export function clampAmount(amount: number): number {
  return Math.min(amount, TOO_MUCH);
}

export type ClaimFault = "missing" | "units" | "step" | "capacity";

/**
 * Why a claim does not fit; undefined if it does.
 * @param amount what the consumer is to hold in all
 * @param increase by how much the use of the class rises; 0 or less needs no capacity
 */
export function claimFault(
  inventory: StoredInventory | undefined,
  amount: number,
  increase: number,
): ClaimFault | undefined {
  if (inventory === undefined) return "missing";
  if (amount < inventory.minUnit || amount > inventory.maxUnit) return "units";
  if (amount % inventory.stepSize !== 0) return "step";
  if (increase > 0 && increase > inventory.free) return "capacity";
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
