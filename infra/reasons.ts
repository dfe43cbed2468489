/** Why rules of cdk-nag are suppressed. Each is acknowledged where it applies, not for the stack. */
import type { Acknowledgment } from "aws-cdk-lib";

const TRACING: Acknowledgment = {
  id: "Serverless-LambdaTracing",
  reason:
    "Tracing is a setting: it needs X-Ray's actions on every resource, and a function may do nothing " +
    "but what its operation declares. Each line of the access log has API Gateway's request id, which the " +
    "function's line repeats, and Lambda's, which Lambda's own lines have.",
};

const TRACES = "X-Ray knows no resource to which these two actions could be restricted.";

/** Of a function that X-Ray traces, on request. */
export const TRACED_REASONS: readonly Acknowledgment[] = [
  { id: "AwsSolutions-IAM5[Resource::*]", reason: TRACES },
  { id: "Serverless-LambdaStarPermissions", reason: TRACES },
];

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

/** Of the queue of what could not be fed. */
export const QUEUE_REASONS: readonly Acknowledgment[] = [
  { id: "AwsSolutions-SQS3", reason: "It is where failures go; an alarm tells of each of them." },
  {
    id: "Serverless-SQSRedrivePolicy",
    reason: "It is where failures go; an alarm tells of each of them.",
  },
];

/** Of the function that the table's stream invokes. @param table its ARN, as cdk-nag writes it */
export const streamReasons = (table: string): readonly Acknowledgment[] => [
  {
    id: `AwsSolutions-IAM5[Resource::${table}/stream/*]`,
    reason:
      "Streams of this table alone can be listed; each has the time of its making in its name.",
  },
];

const MOVES =
  "CloudWatch describes alarms only for all resources together, and which version of an alias is " +
  "provisioned is no secret. Only the aliases of the stack's functions can be moved.";

/** Of CodeDeploy's role. */
export const ROLLOUT_REASONS: readonly Acknowledgment[] = [
  { id: "AwsSolutions-IAM5[Resource::*]", reason: MOVES },
];

const NETWORK =
  "A function in a VPC makes its network interfaces itself, which have no ARN before they exist; " +
  "AWS's own managed policy for it names every resource too.";

export const NETWORK_REASONS: readonly Acknowledgment[] = [
  { id: "AwsSolutions-IAM5[Resource::*]", reason: NETWORK },
  { id: "Serverless-LambdaStarPermissions", reason: NETWORK },
];

export const REST_REASONS: readonly Acknowledgment[] = [
  {
    id: "AwsSolutions-APIG2",
    reason:
      "The functions validate requests by their schemas and answer with Placement's error " +
      "documents, which API Gateway's validator could not.",
  },
  {
    id: "AwsSolutions-APIG6",
    reason:
      "Execution logs repeat what the access log has for every request, and would add headers " +
      "with credentials where their detail is raised.",
  },
  {
    id: "Serverless-APIGWXrayEnabled",
    reason:
      "As for the functions: lines of the access log and of the functions have ids in common " +
      "that join them, and tracing would need further rights.",
  },
];

/** Of a REST API without a web ACL. */
export const NO_FIREWALL_REASON: Acknowledgment = {
  id: "AwsSolutions-APIG3",
  reason:
    "A web ACL is a setting, webAclArn: which rules are right depends on who calls. A private " +
    "endpoint is reached through VPC endpoints only.",
};
