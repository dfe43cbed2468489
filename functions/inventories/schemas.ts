import * as z from "zod";
import { CLASS_NAME, integer, MAX_INT, number } from "../../lib/api/schemas.ts";
import type { Inventory } from "../../lib/model/inventory.ts";

const MAX_RATIO = 3.40282e38;

const positive = () => integer({ min: 1, max: MAX_INT }).optional();

const record = {
  resource_provider_generation: integer().optional(),
  total: integer({ min: 1, max: MAX_INT }),
  reserved: integer({ min: 0, max: MAX_INT }).optional(),
  min_unit: positive(),
  max_unit: positive(),
  step_size: positive(),
  allocation_ratio: number({ max: MAX_RATIO }).optional(),
};

const inventoryRecord = z.strictObject(record);
export type InventoryRecord = z.infer<typeof inventoryRecord>;

const create = z.strictObject({ ...record, resource_class: z.string().regex(CLASS_NAME) });
export const createBody = { "1.0": create };

const update = z.strictObject({ ...record, resource_provider_generation: integer() });
export const updateBody = { "1.0": update };

/** Class names are not validated here: an unknown one has its own refusal. */
export const providerInventories = z.strictObject({
  resource_provider_generation: integer(),
  inventories: z.record(z.string(), inventoryRecord),
});
export const replaceBody = { "1.0": providerInventories };

/** The inventory, with defaults for what the client omitted. */
export function inventoryFrom(given: InventoryRecord): Inventory {
  return {
    total: given.total,
    reserved: given.reserved ?? 0,
    minUnit: given.min_unit ?? 1,
    maxUnit: given.max_unit ?? MAX_INT,
    stepSize: given.step_size ?? 1,
    allocationRatio: given.allocation_ratio ?? 1,
  };
}
