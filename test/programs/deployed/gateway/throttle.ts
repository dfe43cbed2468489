/**
 * Limits of requests on each route of a stage: a bucket of tokens that `rate` fills and `burst` holds.
 *
 * Source: API Gateway developer guide, "Throttle requests to your HTTP APIs" and "to your REST
 * APIs".
 */
import * as z from "zod";

/** Requests a second, and at once. */
export interface RouteLimits {
  readonly rate: number;
  readonly burst: number;
}

const limitsSchema = z
  .object({ ThrottlingRateLimit: z.number(), ThrottlingBurstLimit: z.number() })
  .transform(({ ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst }) => ({ rate, burst }));

/** Of the stage of an HTTP API. */
export const httpLimitsSchema = z.object({
  DefaultRouteSettings: limitsSchema,
  RouteSettings: z.record(z.string(), limitsSchema).default({}),
});

export type LimitsOf = (route: string) => RouteLimits;

/** @param route such as `GET /traits`, or `$default` */
export function httpLimits(stage: z.output<typeof httpLimitsSchema>): LimitsOf {
  return (route) => stage.RouteSettings[route] ?? stage.DefaultRouteSettings;
}

interface Bucket {
  readonly tokens: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export class Throttle {
  readonly #limitsOf: LimitsOf;
  readonly #buckets = new Map<string, Bucket>();

  constructor(limitsOf: LimitsOf) {
    this.#limitsOf = limitsOf;
  }

  /** Whether a request on the route at `now` is within its limits. */
  lets(route: string, now: number): boolean {
    const { rate, burst } = this.#limitsOf(route);
    const { tokens, at } = this.#buckets.get(route) ?? { tokens: burst, at: now };
    const filled = Math.min(burst, tokens + (rate * Math.max(0, now - at)) / 1_000);
    const isLet = filled >= 1;
    this.#buckets.set(route, { tokens: isLet ? filled - 1 : filled, at: now });
    return isLet;
  }
}
