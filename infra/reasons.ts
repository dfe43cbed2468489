/** Why rules of cdk-nag are suppressed. Each is acknowledged where it applies, not for the stack. */
import type { Acknowledgment } from "aws-cdk-lib";

const TRACING: Acknowledgment = {
  id: "Serverless-LambdaTracing",
  reason:
    "Tracing needs X-Ray's actions on every resource, and a function may do nothing but what its " +
    "operation declares. Each line of the access log has API Gateway's request id, which the " +
    "function's line repeats, and Lambda's, which Lambda's own lines have.",
};

export const OPERATION_REASONS: readonly Acknowledgment[] = [
  TRACING,
  {
    id: "Serverless-LambdaDLQ",
    reason: "The function is invoked synchronously: its caller gets the outcome and tries again.",
  },
];

const NEXT_RUN =
  "The next run finds what a failed one left in the table; no event is lost with it.";

export const TASK_REASONS: readonly Acknowledgment[] = [
  TRACING,
  { id: "Serverless-LambdaDLQ", reason: NEXT_RUN },
  { id: "Serverless-LambdaAsyncFailureDestination", reason: NEXT_RUN },
];

export const SCHEDULE_REASON: Acknowledgment = { id: "Serverless-EventBusDLQ", reason: NEXT_RUN };

export const OPEN_ROUTE_REASON: Acknowledgment = {
  id: "AwsSolutions-APIG4",
  reason:
    "Its versions and its description are for everybody, and browsers do not sign a preflight " +
    "request. None of them reads the table.",
};
