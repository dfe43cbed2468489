/** What Lambda hands to a handler beside the event. */
import type { Context } from "aws-lambda";

/** Milliseconds. */
const REMAINING = 30_000;

/** @param qualifier the alias or version that was invoked; none: the function itself */
export function lambdaContext(qualifier?: string, name = "test"): Context {
  const arn = `arn:aws:lambda:us-east-1:123456789012:function:${name}`;
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: name,
    functionVersion: "$LATEST",
    invokedFunctionArn: qualifier === undefined ? arn : `${arn}:${qualifier}`,
    memoryLimitInMB: "1024",
    awsRequestId: "test",
    logGroupName: "test",
    logStreamName: "test",
    getRemainingTimeInMillis: () => REMAINING,
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}
