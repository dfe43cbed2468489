/** Inventories as texts that are edited, and back. */
import type { Inventory } from "./provider.ts";

export type InventoryRow = Readonly<Record<keyof Inventory | "resourceClass", string>>;

export const NEW_ROW: InventoryRow = {
  resourceClass: "",
  total: "",
  reserved: "0",
  allocation_ratio: "1",
  min_unit: "1",
  max_unit: "",
  step_size: "1",
};

export function rowsOf(inventories: Readonly<Record<string, Inventory>>): InventoryRow[] {
  return Object.entries(inventories).map(([resourceClass, inventory]) => ({
    resourceClass,
    total: String(inventory.total),
    reserved: String(inventory.reserved),
    allocation_ratio: String(inventory.allocation_ratio),
    min_unit: String(inventory.min_unit),
    max_unit: String(inventory.max_unit),
    step_size: String(inventory.step_size),
  }));
}

const NUMBER = /^\d+(?:\.\d+)?$/;

/** Without a most, the total is. Undefined: a row lacks a class or a number, or a class is there twice. */
export function documentOf(rows: readonly InventoryRow[]): Record<string, Inventory> | undefined {
  const inventories: Record<string, Inventory> = {};
  for (const { resourceClass, ...texts } of rows) {
    const given = { ...texts, max_unit: texts.max_unit === "" ? texts.total : texts.max_unit };
    const isWhole = Object.values(given).every((text) => NUMBER.test(text.trim()));
    const name = resourceClass.trim();
    if (name === "" || !isWhole || Object.hasOwn(inventories, name)) return undefined;
    inventories[name] = {
      total: Number(given.total),
      reserved: Number(given.reserved),
      min_unit: Number(given.min_unit),
      max_unit: Number(given.max_unit),
      step_size: Number(given.step_size),
      allocation_ratio: Number(given.allocation_ratio),
    };
  }
  return inventories;
}
