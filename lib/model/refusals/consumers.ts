/** Refusals about consumers and their allocations. */
import type { ClaimFault } from "../inventory.ts";
import { Refusal } from "../refusal.ts";
import type { Uuid } from "../uuid.ts";

/** A consumer's generation; null where there is no consumer. */
export type MaybeGeneration = number | null;

/** The generation that the client named is not the consumer's. */
export class ConsumerGenerationConflict extends Refusal {
  constructor(expected: MaybeGeneration, got: MaybeGeneration) {
    const detail = `consumer generation conflict - expected ${expected ?? "null"} but got ${got ?? "None"}`;
    super({ status: 409, code: "placement.concurrent_update", detail });
  }
}

export class AllocationProviderNotFound extends Refusal {
  constructor(provider: string) {
    const detail = `Allocation for resource provider '${provider}' that does not exist.`;
    super({ status: 400, detail });
  }
}

/** @param consumer named by PUT, but not by POST */
export class AllocationClassNotFound extends Refusal {
  constructor(name: string, consumer: Uuid | undefined) {
    const whose = consumer === undefined ? "" : ` for consumer ${consumer}:`;
    const detail = `Unable to allocate inventory${whose} No such resource class ${name}.`;
    super({ status: 400, detail });
  }
}

/** A claim that does not fit the provider's inventory. */
export abstract class ClaimRefused extends Refusal {
  constructor(detail: string) {
    super({ status: 409, detail: `Unable to allocate inventory: ${detail}` });
  }
}

export class ClaimWithoutInventory extends ClaimRefused {
  constructor(name: string, provider: Uuid) {
    super(`Inventory for '${name}' on resource provider '${provider}' invalid.`);
  }
}

function subject(name: string, provider: Uuid): string {
  return `Unable to create allocation for '${name}' on resource provider '${provider}'.`;
}

/** Below min_unit, above max_unit or not a multiple of step_size. */
export class ClaimViolatesUnits extends ClaimRefused {
  constructor(name: string, provider: Uuid) {
    super(`${subject(name, provider)} The requested amount would violate inventory constraints.`);
  }
}

export class ClaimExceedsCapacity extends ClaimRefused {
  constructor(name: string, provider: Uuid) {
    super(`${subject(name, provider)} The requested amount would exceed the capacity.`);
  }
}

export function claimRefused(fault: ClaimFault, name: string, provider: Uuid): ClaimRefused {
  switch (fault) {
    case "missing":
      return new ClaimWithoutInventory(name, provider);
    case "units":
    case "step":
      return new ClaimViolatesUnits(name, provider);
    case "capacity":
      return new ClaimExceedsCapacity(name, provider);
  }
}

/** DELETE of allocations that do not exist. */
export class NoAllocations extends Refusal {
  constructor(consumer: string) {
    super({ status: 404, detail: `No allocations for consumer '${consumer}'` });
  }
}

export class MalformedConsumerUuid extends Refusal {
  constructor(given: string) {
    super({ status: 400, detail: `Malformed consumer_uuid: ${given}` });
  }
}

export class ConsumerNotFound extends Refusal {
  constructor(consumer: string) {
    super({ status: 404, detail: `No consumer with uuid ${consumer} found` });
  }
}

export class ConsumerExists extends Refusal {
  constructor(consumer: Uuid) {
    super({ status: 409, detail: `Consumer ${consumer} already exists.` });
  }
}

export class ConsumerHoldsAllocations extends Refusal {
  constructor(consumer: Uuid) {
    super({ status: 409, detail: `Unable to delete consumer ${consumer}: it holds allocations.` });
  }
}
