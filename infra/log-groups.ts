/** The only place that creates log groups, so that all have the same retention. */
import { RemovalPolicy } from "aws-cdk-lib";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";

export interface LogKeeping {
  readonly retention: RetentionDays;
  /** Whether a group is retained when the stack or its function is deleted. */
  readonly retain: boolean;
}

export function logGroup(
  scope: Construct,
  id: string,
  logGroupName: string,
  { retention, retain }: LogKeeping,
): LogGroup {
  const removalPolicy = retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
  return new LogGroup(scope, id, { logGroupName, retention, removalPolicy });
}
