/** Refusals about inventories. */
import { Refusal } from "../refusal.ts";
import type { Uuid } from "../uuid.ts";

/** The capacity of an inventory is not positive, or from 1.26 negative. */
export class InvalidCapacity extends Refusal {
  constructor(
    action: "create" | "update",
    given: { name: string; provider: Uuid; zeroAllowed: boolean },
  ) {
    const bound = given.zeroAllowed ? "greater than" : "greater than or equal to";
    const fault = `Invalid inventory for '${given.name}' on resource provider '${given.provider}'. The reserved value is ${bound} total.`;
    const detail = `Unable to ${action} inventory for resource provider ${given.provider}: ${fault}`;
    super({ status: 400, detail });
  }
}

export class UnknownClassInInventory extends Refusal {
  constructor(action: "create" | "replace", provider: Uuid, name: string) {
    const words =
      action === "create"
        ? `Unable to create inventory for resource provider ${provider}`
        : `Unknown resource class in inventory for resource provider ${provider}`;
    super({ status: 400, detail: `${words}: No such resource class ${name}.` });
  }
}

export class InventoryExists extends Refusal {
  constructor(name: string, provider: Uuid) {
    const detail = `Update conflict: Inventory of class ${name} already exists on resource provider ${provider}.`;
    super({ status: 409, code: "placement.concurrent_update", detail });
  }
}

/** GET and DELETE of a class that the provider does not have. */
export class InventoryNotFound extends Refusal {
  constructor(name: string, provider: Uuid, forDelete: boolean) {
    const detail = forDelete
      ? `No inventory of class ${name} found for delete: No inventory of class ${name} on resource provider ${provider}.`
      : `No inventory of class ${name} for ${provider}`;
    super({ status: 404, detail });
  }
}

/** PUT of a class that the provider does not have. */
export class InventoryMissing extends Refusal {
  constructor(name: string, provider: Uuid) {
    const detail = `No inventory record with resource class for resource provider ${provider}: No inventory of class ${name} found.`;
    super({ status: 400, detail });
  }
}

function inUse(names: readonly string[], provider: Uuid): string {
  return `Inventory for '${names.join(", ")}' on resource provider '${provider}' in use.`;
}

/** PUT that omits, or DELETE of, all inventories while some are in use. */
export class InventoriesInUse extends Refusal {
  constructor(action: "replace" | "delete", names: readonly string[], provider: Uuid) {
    const sentence = inUse(names, provider);
    const detail = action === "replace" ? `update conflict: ${sentence}` : sentence;
    super({ status: 409, code: "placement.inventory.inuse", detail });
  }
}

/** DELETE of one class that is in use. */
export class InventoryInUse extends Refusal {
  constructor(name: string, provider: Uuid) {
    const detail = `Unable to delete inventory of class ${name}: ${inUse([name], provider)}`;
    super({ status: 409, code: "placement.concurrent_update", detail });
  }
}
