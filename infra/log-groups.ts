/** Log groups are made here and nowhere else, so that all are kept alike. */
import { RemovalPolicy } from "aws-cdk-lib";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";

export interface LogKeeping {
  readonly retention: RetentionDays;
  /** Whether groups stay when the stack, or the function they belong to, goes. */
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
