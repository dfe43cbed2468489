/** The access log of an endpoint: one line of JSON for each request, without tokens. */
import { ArnFormat, Stack } from "aws-cdk-lib";
import type { LogGroup } from "aws-cdk-lib/aws-logs";

/**
 * `requestId` is `gatewayRequestId` in the function's line, and `lambdaRequestId` is in Lambda's
 * own lines, which are written even if the function crashes.
 */
const FIELDS = {
  time: "$context.requestTime",
  requestId: "$context.requestId",
  lambdaRequestId: "$context.integration.requestId",
  sourceIp: "$context.identity.sourceIp",
  caller: "$context.identity.userArn",
  method: "$context.httpMethod",
  path: "$context.path",
  routeKey: "$context.routeKey",
  protocol: "$context.protocol",
  status: "$context.status",
  responseLength: "$context.responseLength",
  latency: "$context.responseLatency",
  integrationLatency: "$context.integrationLatency",
  integrationError: "$context.integrationErrorMessage",
  authorizerError: "$context.authorizer.error",
  error: "$context.error.message",
  userAgent: "$context.identity.userAgent",
};

/** A REST API has no route keys: its resource's path takes their place. */
export function accessLogFormat(rest: boolean): string {
  return JSON.stringify(rest ? { ...FIELDS, routeKey: "$context.resourcePath" } : FIELDS);
}

/** API Gateway wants the ARN without the `:*` at the end of CloudFormation's. */
export function destinationArn(log: LogGroup): string {
  return Stack.of(log).formatArn({
    service: "logs",
    resource: "log-group",
    resourceName: log.logGroupName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
