/**
 * `Placement-Lease` and `Placement-Consumer-Life`, our extensions: how long what a request claims
 * is held, and which life its consumer has to be living. See docs/leases.md.
 */
import { BadLease, BadLife, HeaderNotTaken } from "../model/refusals/leases.ts";
import { type AnyOperation, isRead, type LeaseHeader } from "./operation.ts";
import { inboundOf, type RequestContext } from "./pipeline/request-context.ts";

export const LEASE_HEADER = "placement-lease";
export const LIFE_HEADER = "placement-consumer-life";
export const EXPIRES_HEADER = "placement-lease-expires-at";

export interface LeaseRequest {
  /** Milliseconds; undefined: no lease begins. */
  readonly lease?: number;
  /** Undefined: any. */
  readonly life?: string;
}

export const LEASE_HEADER_NAMES = {
  lease: "Placement-Lease",
  life: "Placement-Consumer-Life",
} as const satisfies Record<LeaseHeader, string>;

/** Digits, few enough to be exact. */
const SECONDS = /^[0-9]{1,10}$/;
export const MAX_LIFE = 128;
/** Visible ASCII. */
const LIFE = /^[\x21-\x7e]+$/;

/** @throws HeaderNotTaken, BadLease, BadLife */
export function leaseRequestOf(context: RequestContext): LeaseRequest {
  const { operation, runtime } = context;
  const { headers } = inboundOf(context);
  if (!takesLeaseHeaders(operation)) return {};
  const seconds = taken(operation, "lease", headers[LEASE_HEADER]);
  const life = taken(operation, "life", headers[LIFE_HEADER]);
  if (life !== undefined && (life.length > MAX_LIFE || !LIFE.test(life)))
    throw new BadLife(LEASE_HEADER_NAMES.life, MAX_LIFE);
  return {
    ...(seconds !== undefined && { lease: leaseOf(seconds, runtime.configuration.maxLease) }),
    ...(life !== undefined && { life }),
  };
}

/** Reads ignore both, as they ignore other headers. */
function takesLeaseHeaders(operation: AnyOperation): boolean {
  return operation.route !== "$default" && !isRead(operation);
}

function taken(
  operation: AnyOperation,
  header: LeaseHeader,
  value: string | undefined,
): string | undefined {
  if (value === undefined || operation.takes?.includes(header)) return value;
  throw new HeaderNotTaken(LEASE_HEADER_NAMES[header]);
}

function leaseOf(text: string, most: number): number {
  return millisecondsOf(SECONDS.test(text) ? Number(text) : 0, most);
}

/**
 * @param most seconds
 * @throws BadLease
 */
export function millisecondsOf(seconds: number, most: number): number {
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > most) throw new BadLease(most);
  return seconds * 1_000;
}

/** @param expires milliseconds since 1970; undefined: no lease has begun */
export function expiresHeader(expires: number | undefined): Readonly<Record<string, string>> {
  return expires === undefined ? {} : { [EXPIRES_HEADER]: new Date(expires).toISOString() };
}
