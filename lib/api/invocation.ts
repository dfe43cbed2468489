/**
 * How a function was invoked. Each operation's function has two aliases: `http`,
 * which only API Gateway may invoke, and `direct` for other functions. Lambda's context
 * says which one was invoked; the payload has no influence on that.
 *
 * Source: AWS Lambda developer guide, "Using the Lambda context object to retrieve
 * Node.js function information", `invokedFunctionArn`.
 */

export const HTTP_ALIAS = "http";
export const DIRECT_ALIAS = "direct";

/** `http`: API Gateway sent the event. `direct`: another function did. */
export type Source = "http" | "direct";

/** `arn:aws:lambda:REGION:ACCOUNT:function:NAME:http`; anything else is a direct invocation. */
export function sourceOf(invokedFunctionArn: string | undefined): Source {
  const parts = (invokedFunctionArn ?? "").split(":");
  return parts.length === 8 && parts[7] === HTTP_ALIAS ? "http" : "direct";
}
