/** Bounds of the stack's own numbers; those of the functions are in `lib/api/configuration.ts`. */
import type { Bounds } from "../lib/api/configuration.ts";
import { BadSettings } from "./bad-settings.ts";

export interface StackBounds extends Bounds {
  /** Values are whole multiples of it; without it, any number in the range. */
  readonly step?: number;
}

const DAY = 86_400;

export const STACK_BOUNDS = {
  /** Megabytes. Lambda accepts 128 too, which is too little for the functions to start reliably. */
  memorySize: { min: 256, max: 10_240, step: 1 },
  /** Of each function of a class. An account has 1,000 unless AWS has raised it. */
  reservedConcurrency: { min: 1, max: 10_000, step: 1 },
  provisionedConcurrency: { min: 1, max: 10_000, step: 1 },
  /** Of the function that answers `GET /events`. */
  eventWaiters: { min: 0, max: 10_000, step: 1 },
  /** Seconds; API Gateway keeps an authorizer's answer for an hour at most. */
  authorizerCache: { min: 0, max: 3_600, step: 1 },
  /** Requests a second. An account has 10,000 over all its APIs unless AWS has raised it. */
  rateLimit: { min: 1, max: 100_000 },
  burstLimit: { min: 1, max: 100_000, step: 1 },
  /** Units a second. A new on-demand table has the minimum of both; they can never be lowered. */
  warmReads: { min: 12_000, max: 1_000_000, step: 1 },
  warmWrites: { min: 4_000, max: 1_000_000, step: 1 },
  /** Seconds. */
  idleConsumerAge: { min: 60, max: 3_650 * DAY, step: 1 },
  /** Seconds; EventBridge counts whole minutes. */
  verifyInterval: { min: 60, max: 30 * DAY, step: 60 },
  /** The same; 0: no pages are written. */
  profilePagesInterval: { min: 0, max: 30 * DAY, step: 60 },
  /** The same. A run that dies leaves what only a run two minutes later removes. */
  canaryInterval: { min: 120, max: 3_600, step: 60 },
} as const satisfies Readonly<Record<string, StackBounds>>;

export function boundsWords({ min, max, step }: StackBounds): string {
  const kind = step === undefined ? "a number" : step === 1 ? "a whole number" : undefined;
  return `${kind ?? `a multiple of ${step}`} from ${min} to ${max}`;
}

export function isWithin(value: number, { min, max, step }: StackBounds): boolean {
  return value >= min && value <= max && (step === undefined || value % step === 0);
}

/** @throws BadSettings unless `value` is absent or within the bounds */
export function checkBounds(name: string, value: number | undefined, bounds: StackBounds): void {
  if (value === undefined || isWithin(value, bounds)) return;
  throw new BadSettings(`${name} is ${value}, but has to be ${boundsWords(bounds)}`);
}
