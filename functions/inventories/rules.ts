import { type Inventory, truncatedCapacity } from "../../lib/model/inventory.ts";
import { type Minor, minor } from "../../lib/model/microversion.ts";
import { InvalidCapacity } from "../../lib/model/refusals/inventories.ts";
import type { Uuid } from "../../lib/model/uuid.ts";

/**
 * The capacity of a written inventory must be above 0, from 1.26 on at least 0.
 * @throws InvalidCapacity
 */
export function checkCapacity(
  action: "create" | "update",
  given: { readonly inventory: Inventory; readonly name: string; readonly provider: Uuid },
  version: Minor,
): void {
  const zeroAllowed = version >= minor("1.26");
  const capacity = truncatedCapacity(given.inventory);
  if (capacity < 0 || (capacity === 0 && !zeroAllowed)) {
    throw new InvalidCapacity(action, { ...given, zeroAllowed });
  }
}
