/** How much of Lambda a function gets, by its class. */
import type { AnyOperation, AnyTask } from "../lib/api/operation.ts";
import { BadSettings } from "./bad-settings.ts";
import { checkBounds, STACK_BOUNDS } from "./bounds.ts";
import { type ByClass, classOf, FUNCTION_CLASSES } from "./function-classes.ts";

const DEFAULT_MEMORY = 1_024;

export interface CapacityProps {
  /**
   * Megabytes, which also set the share of a processor: of every function, or by
   * class. Default: 1,024.
   */
  readonly memorySize?: number | ByClass<number> | undefined;
  /**
   * Invocations at once that each function of a class keeps for itself, and has at
   * most. Default: none are kept, and functions share what the account has.
   */
  readonly reservedConcurrency?: ByClass<number> | undefined;
  /**
   * Environments that are always ready, for each function of a class, on its alias
   * `http`. They are taken out of those reserved, if any are, and have to be fewer. They
   * cost as long as they are there. Default: none.
   */
  readonly provisionedConcurrency?: ByClass<number> | undefined;
}

export interface Capacity {
  readonly memorySize: number;
  readonly reserved: number | undefined;
  /** Of the alias `http`; a task has none. */
  readonly provisioned: number | undefined;
}

/** @throws BadSettings */
export function checkCapacity(props: CapacityProps): void {
  const memory = memoryByClass(props);
  for (const name of FUNCTION_CLASSES) {
    const reserved = props.reservedConcurrency?.[name];
    const provisioned = props.provisionedConcurrency?.[name];
    checkBounds(`memorySize of ${name}`, memory[name], STACK_BOUNDS.memorySize);
    checkBounds(`reservedConcurrency.${name}`, reserved, STACK_BOUNDS.reservedConcurrency);
    checkBounds(`provisionedConcurrency.${name}`, provisioned, STACK_BOUNDS.provisionedConcurrency);
    // What is provisioned is the alias `http`'s alone: `direct` runs in what is left of the reserve.
    if (reserved !== undefined && provisioned !== undefined && provisioned >= reserved) {
      throw new BadSettings(
        `provisionedConcurrency.${name} is ${provisioned}, but has to be less than reservedConcurrency.${name}, which is ${reserved}: direct invocations run in what is left`,
      );
    }
  }
}

export function capacityOf(definition: AnyOperation | AnyTask, props: CapacityProps): Capacity {
  const name = classOf(definition);
  return {
    memorySize: memoryByClass(props)[name] ?? DEFAULT_MEMORY,
    reserved: props.reservedConcurrency?.[name],
    provisioned: props.provisionedConcurrency?.[name],
  };
}

function memoryByClass({ memorySize }: CapacityProps): ByClass<number> {
  if (typeof memorySize !== "number") return memorySize ?? {};
  return { lists: memorySize, writes: memorySize, rest: memorySize };
}
