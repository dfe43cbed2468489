/** Refusals of the reshaper; it shares those of claims and inventories. */
import { Refusal } from "../refusal.ts";
import type { Uuid } from "../uuid.ts";

/** A key of the inventories is no provider. */
export class ReshapeProviderNotFound extends Refusal {
  constructor(provider: string) {
    const reason = `No resource provider with uuid ${provider} found`;
    const detail = `Resource provider ${provider} in inventories not found: ${reason}`;
    super({ status: 400, code: "placement.resource_provider.not_found", detail });
  }
}

export class ReshapeGenerationConflict extends Refusal {
  constructor(provider: Uuid, actual: number, given: number) {
    const detail = `resource provider generation conflict for provider ${provider}: actual: ${actual}, given: ${given}`;
    super({ status: 409, code: "placement.concurrent_update", detail });
  }
}

export class ReshapeClassNotFound extends Refusal {
  constructor(name: string) {
    const detail = `malformed reshaper data: No such resource class ${name}.`;
    super({ status: 400, detail });
  }
}
