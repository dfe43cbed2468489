/**
 * A refusal is a named answer to a request that cannot be carried out: an HTTP status, an
 * error code and a message. There is one class for each cause; a guarded write names the
 * class for its failed condition.
 */

/** Error codes of the Placement API (from microversion 1.23) and of the extensions. */
export const ERROR_CODES = [
  "placement.undefined_code",
  "placement.concurrent_update",
  "placement.duplicate_name",
  "placement.inventory.inuse",
  "placement.resource_provider.inuse",
  "placement.resource_provider.not_found",
  "placement.resource_provider.cannot_delete_parent",
  "placement.idempotency_key.reused",
  "placement.lease.expired",
  "placement.lease.none",
  "placement.answer_too_large",
  "placement.claim.consumer_in_use",
  "placement.claim.no_candidates",
  "placement.claim.search_unfinished",
  "placement.events.off",
  "placement.events.other_epoch",
  "placement.events.cursor_expired",
  "placement.identity_unavailable",
  "placement.query.duplicate_key",
  "placement.query.bad_value",
  "placement.query.missing_value",
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

export interface RefusalOptions {
  readonly status: number;
  readonly detail: string;
  readonly code?: ErrorCode;
  /** Seconds for the header `Retry-After`; set only if a repeat does no harm. */
  readonly retryAfter?: number;
  /** False: without `Vary`, as Placement answers if a look-up of its own fails. */
  readonly vary?: boolean;
}

export abstract class Refusal extends Error {
  readonly status: number;
  readonly code: ErrorCode;
  readonly retryAfter: number | undefined;
  readonly vary: boolean;

  constructor(options: RefusalOptions) {
    super(options.detail);
    this.name = new.target.name;
    this.status = options.status;
    this.code = options.code ?? "placement.undefined_code";
    this.retryAfter = options.retryAfter;
    this.vary = options.vary ?? true;
  }
}

/** Any refusal class, for the lists that operations declare. */
// biome-ignore lint/suspicious/noExplicitAny: a constructor of any arguments is what is meant
export type RefusalClass = abstract new (...args: any[]) => Refusal;
