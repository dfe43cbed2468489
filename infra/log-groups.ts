/** The only place that creates log groups, so that all have the same retention. */
import { RemovalPolicy } from "aws-cdk-lib";
import { LogGroup, LogGroupClass, type RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";

export interface LogKeeping {
  readonly retention: RetentionDays;
  /** Whether a group is retained when the stack or its function is deleted. */
  readonly retain: boolean;
  readonly logClass: LogClass;
}

/**
 * Classes of CloudWatch Logs by the names of settings. Logs of infrequent access cost half to
 * write, and have no live tail, metric filters or subscriptions.
 */
export const LOG_CLASSES = {
  standard: LogGroupClass.STANDARD,
  infrequentAccess: LogGroupClass.INFREQUENT_ACCESS,
} as const;

export type LogClass = keyof typeof LOG_CLASSES;

export function logGroup(
  scope: Construct,
  id: string,
  logGroupName: string,
  { retention, retain, logClass }: LogKeeping,
): LogGroup {
  const removalPolicy = retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
  return new LogGroup(scope, id, {
    logGroupName,
    retention,
    removalPolicy,
    // Not named where it is what CloudFormation has by itself.
    ...(logClass === "standard" ? {} : { logGroupClass: LOG_CLASSES[logClass] }),
  });
}
