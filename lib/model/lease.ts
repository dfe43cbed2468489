/**
 * Leases: a consumer with a lease is released when the lease has expired. See docs/leases.md.
 *
 * Source: C. Gray and D. Cheriton, "Leases: an efficient fault-tolerant mechanism for distributed
 * file cache consistency" (1989).
 */
import { LeaseExpired, OtherLife } from "./refusals/leases.ts";
import type { Uuid } from "./uuid.ts";

/**
 * Milliseconds after the expiry at which a consumer may be released. It covers the difference
 * between the clock of the function that renews and that of the function that releases.
 */
export const LEASE_MARGIN = 10_000;

/** Milliseconds since 1970. */
export interface LeaseTerm {
  readonly expires: number;
  /** The time of the look-up item, at most `expires`: a longer renewal does not move it. */
  readonly listed: number;
}

export interface Lease {
  /** Raised when a lease begins, is renewed or confirmed; never falls within a life. */
  readonly version: number;
  /** Undefined after a confirmation: there is no lease, but its version goes on. */
  readonly term: LeaseTerm | undefined;
}

/**
 * The lease that ends at `until`, begun or renewed. A fraction of a millisecond is rounded up: a
 * lease never ends early, and the look-up item's key has whole milliseconds.
 */
export function extended(lease: Lease | undefined, until: number): Lease {
  const expires = Math.ceil(until);
  const listed = Math.min(lease?.term?.listed ?? expires, expires);
  return { version: (lease?.version ?? 0) + 1, term: { expires, listed } };
}

/** What is left of a lease when it is confirmed: the consumer stays. */
export function confirmed(lease: Lease): Lease {
  return { version: lease.version + 1, term: undefined };
}

/** What is looked at of a consumer. */
interface Leased {
  readonly uuid: Uuid;
  readonly incarnation: string;
  readonly lease?: Lease | undefined;
}

export function isExpired({ lease }: Pick<Leased, "lease">, now: number): boolean {
  return lease?.term !== undefined && now >= lease.term.expires;
}

/** @throws LeaseExpired: only a write that empties the consumer is possible then */
export function requireUnexpired(consumer: Pick<Leased, "uuid" | "lease">, now: number): void {
  if (isExpired(consumer, now)) throw new LeaseExpired(consumer.uuid);
}

/**
 * @param life that the client named; undefined: any
 * @throws OtherLife
 */
export function requireLife(
  uuid: string,
  consumer: Pick<Leased, "incarnation"> | undefined,
  life: string | undefined,
): void {
  if (life !== undefined && consumer?.incarnation !== life) throw new OtherLife(uuid);
}

/** Whether the lease expired so long ago that its consumer may be released. */
export function isReleasable({ lease }: Pick<Leased, "lease">, now: number): boolean {
  return lease?.term !== undefined && now >= lease.term.expires + LEASE_MARGIN;
}
