/** The meaning of an SDK error for the request that failed. */
import {
  type CancellationReason,
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  TransactionCanceledException,
} from "@aws-sdk/client-dynamodb";

export type Fault =
  /** Refused without effect; the same request may succeed later. */
  | { readonly kind: "throttled" | "conflict" | "in_progress" }
  /** The answer was lost or invalid: the request may have been executed or not. */
  | { readonly kind: "ambiguous" }
  /** A transaction that was cancelled, with a reason for each of its actions. */
  | { readonly kind: "cancelled"; readonly reasons: readonly CancellationReason[] }
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

/** The condition of a single write did not hold. */
export function isConditionFailed(error: unknown): boolean {
  return error instanceof ConditionalCheckFailedException;
}

/**
 * Why the condition of a transaction's first action failed on an item, whatever the reasons of
 * the other actions are; undefined if it did not.
 */
export function firstFailure(error: unknown): CancellationReason | undefined {
  if (!(error instanceof TransactionCanceledException)) return undefined;
  const reason = error.CancellationReasons?.[0];
  const hasFailed = reason?.Code === "ConditionalCheckFailed" && reason.Item !== undefined;
  return hasFailed ? reason : undefined;
}

export function faultOf(error: unknown): Fault {
  if (error instanceof TransactionCanceledException) {
    return cancelled(error.CancellationReasons ?? []);
  }
  if (error instanceof OutOfTime) return { kind: "throttled" };
  if (!(error instanceof Error) || isUnreadable(error)) return { kind: "ambiguous" };
  if (THROTTLED.has(error.name)) return { kind: "throttled" };
  if (error.name === "TransactionConflictException") return { kind: "conflict" };
  if (error.name === "TransactionInProgressException") return { kind: "in_progress" };
  if (error.name === "ValidationException" && SIZE.test(error.message))
    return { kind: "too_large" };
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  if (status === 429) return { kind: "throttled" };
  return { kind: status !== undefined && status >= 400 && status < 500 ? "fatal" : "ambiguous" };
}

/** An answer arrived and could not be parsed, with any status: it may have been cut off. */
function isUnreadable(error: Error): boolean {
  return "$response" in error && !(error instanceof DynamoDBServiceException);
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
