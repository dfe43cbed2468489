/** Memory and concurrency of a function, by its class. */
import { followEvents } from "../functions/events/follow.ts";
import type { AnyOperation } from "../lib/api/operation.ts";
import type { AnyTask } from "../lib/api/task-definition.ts";
import { BadSettings } from "./bad-settings.ts";
import { checkBounds, STACK_BOUNDS } from "./bounds.ts";
import { type ByClass, classOf, FUNCTION_CLASSES } from "./function-classes.ts";

/** Megabytes. */
export const DEFAULT_MEMORY = 1_024;

export interface CapacityProps {
  /**
   * Megabytes, of every function or by class. They also determine its share of a
   * processor. Default: 1,024.
   */
  readonly memorySize?: number | ByClass<number> | undefined;
  /**
   * Concurrent invocations reserved for each function of a class, which are also its
   * maximum. Default: none are reserved, and functions share what the account has.
   */
  readonly reservedConcurrency?: ByClass<number> | undefined;
  /**
   * Environments that are always warm, for each function of a class, on its alias
   * `http`. They count towards the reserved ones, if there are any, and must be fewer. AWS
   * bills them for as long as they exist. Default: none.
   */
  readonly provisionedConcurrency?: ByClass<number> | undefined;
  /**
   * Requests that may wait for events at once, in the concurrency that is reserved for `GET /events`:
   * others have what is left. Default: 10; 0 reserves nothing.
   */
  readonly eventWaiters?: number | undefined;
}

export const DEFAULT_EVENT_WAITERS = 10;

export interface Capacity {
  readonly memorySize: number;
  readonly reserved: number | undefined;
  /** Of the alias `http`; a task has none. */
  readonly provisioned: number | undefined;
}

/** @throws BadSettings */
export function checkCapacity(props: CapacityProps): void {
  checkBounds("eventWaiters", props.eventWaiters, STACK_BOUNDS.eventWaiters);
  const memory = memoryByClass(props);
  for (const name of FUNCTION_CLASSES) {
    const reserved = props.reservedConcurrency?.[name];
    const provisioned = props.provisionedConcurrency?.[name];
    checkBounds(`memorySize of ${name}`, memory[name], STACK_BOUNDS.memorySize);
    checkBounds(`reservedConcurrency.${name}`, reserved, STACK_BOUNDS.reservedConcurrency);
    checkBounds(`provisionedConcurrency.${name}`, provisioned, STACK_BOUNDS.provisionedConcurrency);
    // Only the alias `http` is provisioned: `direct` runs in the rest of the reserve.
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
    reserved: reservedFor(definition, props),
    provisioned: props.provisionedConcurrency?.[name],
  };
}

function reservedFor(
  definition: AnyOperation | AnyTask,
  { reservedConcurrency, eventWaiters = DEFAULT_EVENT_WAITERS }: CapacityProps,
): number | undefined {
  if (definition === followEvents && eventWaiters > 0) return eventWaiters;
  return reservedConcurrency?.[classOf(definition)];
}

function memoryByClass({ memorySize }: CapacityProps): ByClass<number> {
  if (typeof memorySize !== "number") return memorySize ?? {};
  return { lists: memorySize, writes: memorySize, rest: memorySize };
}
