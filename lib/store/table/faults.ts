/** The meaning of an error for the request that failed, whichever client threw it. */
import type { CancellationReason } from "@aws-sdk/client-dynamodb";
import { StorageFull } from "./refusals.ts";

export type Fault =
  /** Refused without effect; the same request may succeed later. */
  | { readonly kind: "throttled" | "conflict" | "in_progress" }
  /** The answer was lost or invalid: the request may have been executed or not. */
  | { readonly kind: "ambiguous" }
  /** A transaction that was cancelled, with a reason for each of its actions. */
  | { readonly kind: "cancelled"; readonly reasons: readonly CancellationReason[] }
  /** Refused without effect, as every write until the disk of the embedded engine has room. */
  | { readonly kind: "full" }
  /** Refused permanently without effect: something exceeds DynamoDB's size limits. */
  | { readonly kind: "too_large" }
  /** Refused permanently: an error in this code or in the deployment. */
  | { readonly kind: "fatal" };

const THROTTLED = new Set([
  "ProvisionedThroughputExceededException",
  "ThrottlingException",
  "RequestLimitExceeded",
  "TooManyRequestsException",
]);

const THROTTLED_REASONS = new Set(["ProvisionedThroughputExceeded", "ThrottlingError"]);

const SIZE =
  /size (?:to update )?has exceeded|too many operators|exceeded the maximum|larger than|aggregate size|item size/i;

/** Nothing was sent: the deadline had passed. */
export class OutOfTime extends Error {}

/** A call was abandoned before its answer: it may have been executed or not. */
export class CallTimedOut extends Error {
  override readonly name = "TimeoutError";
}

interface Refused {
  readonly name: string;
  readonly httpStatusCode: number;
  readonly requestId: string | undefined;
  readonly reasons: readonly CancellationReason[] | undefined;
}

/** An error of DynamoDB's, with the names of the SDK's errors. */
export class DynamoDBError extends Error {
  override readonly name: string;
  readonly $metadata: { readonly httpStatusCode: number; readonly requestId?: string };
  readonly CancellationReasons?: readonly CancellationReason[];

  constructor(message: string, { name, httpStatusCode, requestId, reasons }: Refused) {
    super(message);
    this.name = name;
    this.$metadata = { httpStatusCode, ...(requestId === undefined ? {} : { requestId }) };
    if (reasons !== undefined) this.CancellationReasons = reasons;
  }
}

/** An answer arrived and could not be read, with any status: it may have been cut off. */
export class UnreadableAnswer extends Error {
  override readonly name = "UnreadableAnswer";
  readonly $metadata: { readonly httpStatusCode: number };

  constructor(httpStatusCode: number, options?: ErrorOptions) {
    super("the answer cannot be read", options);
    this.$metadata = { httpStatusCode };
  }
}

/** The condition of a single write did not hold. */
export function isConditionFailed(error: unknown): boolean {
  return error instanceof Error && error.name === "ConditionalCheckFailedException";
}

/**
 * Why the condition of a transaction's first action failed on an item, whatever the reasons of
 * the other actions are; undefined if it did not.
 */
export function firstFailure(error: unknown): CancellationReason | undefined {
  if (!(error instanceof Error) || error.name !== "TransactionCanceledException") return undefined;
  const [reason] = reasonsOf(error);
  const hasFailed = reason?.Code === "ConditionalCheckFailed" && reason.Item !== undefined;
  return hasFailed ? reason : undefined;
}

export function faultOf(error: unknown): Fault {
  if (error instanceof OutOfTime) return { kind: "throttled" };
  if (!(error instanceof Error) || isUnreadable(error)) return { kind: "ambiguous" };
  if (error instanceof StorageFull) return { kind: "full" };
  if (error.name === "TransactionCanceledException") return cancelled(reasonsOf(error));
  if (THROTTLED.has(error.name)) return { kind: "throttled" };
  if (error.name === "TransactionConflictException") return { kind: "conflict" };
  if (error.name === "TransactionInProgressException") return { kind: "in_progress" };
  if (error.name === "ValidationException" && SIZE.test(error.message))
    return { kind: "too_large" };
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  if (status === 429) return { kind: "throttled" };
  return { kind: status !== undefined && status >= 400 && status < 500 ? "fatal" : "ambiguous" };
}

/** The SDK marks errors of DynamoDB's by whose fault they are, its own by the answer alone. */
function isUnreadable(error: Error): boolean {
  return error instanceof UnreadableAnswer || ("$response" in error && !("$fault" in error));
}

function reasonsOf(error: Error & { CancellationReasons?: readonly CancellationReason[] }) {
  return error.CancellationReasons ?? [];
}

function cancelled(reasons: readonly CancellationReason[]): Fault {
  const codes = reasons.map((reason) => reason.Code ?? "None");
  if (codes.includes("TransactionConflict")) return { kind: "conflict" };
  if (codes.some((code) => THROTTLED_REASONS.has(code))) return { kind: "throttled" };
  if (codes.includes("ConditionalCheckFailed")) return { kind: "cancelled", reasons };
  const invalid = reasons.find((reason) => reason.Code === "ValidationError");
  if (invalid !== undefined)
    return { kind: SIZE.test(invalid.Message ?? "") ? "too_large" : "fatal" };
  return codes.every((code) => code === "None") ? { kind: "conflict" } : { kind: "fatal" };
}
