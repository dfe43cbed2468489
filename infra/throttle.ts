/** How many requests API Gateway admits before it answers 429. */
import { checkBounds, STACK_BOUNDS } from "./bounds.ts";

export interface Limits {
  /** Requests a second, of each route. */
  readonly rateLimit: number;
  /** Requests at once. */
  readonly burstLimit: number;
}

export type GivenLimits = { readonly [limit in keyof Limits]?: Limits[limit] | undefined };

export const DEFAULT_LIMITS: Limits = { rateLimit: 500, burstLimit: 1_000 };

/** The OpenAPI document is about 300 KB and changes with releases only: clients need it rarely. */
export const OPENAPI_LIMITS: Limits = { rateLimit: 5, burstLimit: 10 };

/**
 * @param name for the message
 * @throws BadSettings
 */
export function limitsFrom(
  name: string,
  given: GivenLimits | undefined,
  otherwise: Limits,
): Limits {
  const rateLimit = given?.rateLimit ?? otherwise.rateLimit;
  const burstLimit = given?.burstLimit ?? otherwise.burstLimit;
  checkBounds(`${name}.rateLimit`, rateLimit, STACK_BOUNDS.rateLimit);
  checkBounds(`${name}.burstLimit`, burstLimit, STACK_BOUNDS.burstLimit);
  return { rateLimit, burstLimit };
}
