/** What a task is: a function without a route. */
import type * as z from "zod";
import type { Cause } from "../model/history/event.ts";
import type { MaintenanceStore } from "../store/maintenance-store.ts";
import type { DynamoDBAction } from "../store/table/connection.ts";
import type { Measured } from "./metrics/definitions.ts";
import type { Services } from "./operation.ts";

/** The services of a task. It reports each change at once, since it may be cut off. */
export interface TaskServices extends Services {
  readonly store: MaintenanceStore;
  readonly changed: Changed;
  /** Adds metrics of the task's own to those of the run. */
  measured(own: Measured): void;
  /** Adds fields of the task's own to the run's line of the log, whether it fails or not. */
  noted(own: Noted): void;
}

export type Noted = Readonly<Record<string, unknown>>;

/** Reports the uuids of providers and consumers, or the keys of other records, for the log. */
export type Changed = (...names: readonly string[]) => void;

/** A function that is invoked directly or on a schedule, and has no route. */
export interface Task<Input = unknown, Output = unknown> {
  readonly kind: "task";
  readonly id: string;
  readonly summary: string;
  readonly access: readonly DynamoDBAction[];
  /** Why it changes consumers and providers, for their events. Default: it mends them. */
  readonly cause?: Cause;
  readonly input: z.ZodType<Input>;
  run(input: Input, services: TaskServices): Promise<Output>;
}

export function defineTask<Input, Output>(
  definition: Omit<Task<Input, Output>, "kind">,
): Task<Input, Output> {
  return { kind: "task", ...definition };
}

/** A task in a list, where its input is of any type. */
export type AnyTask = Task;
