/**
 * The SDK gives every transaction without a request token one that it makes up. A transaction that
 * is recognised by an attempt has none, and the embedded engine would keep it: so it is cut off.
 */
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/** The end of a request body to which the SDK has added a token, as it writes it. */
const MADE_UP = /^,"ClientRequestToken":"[0-9a-f-]{36}"\}$/;
const LENGTH = ',"ClientRequestToken":""}'.length + 36;

/** Tokens that callers give stay. */
export function cutMadeUpTokens(client: DynamoDBDocumentClient): void {
  client.middlewareStack.add(
    (next) => (args) => {
      const { input, request } = args;
      const isGiven = "ClientRequestToken" in input && input.ClientRequestToken !== undefined;
      if (!isGiven && hasBytes(request)) request.body = withoutToken(request.body);
      return next(args);
    },
    // Before the body's length is told, and before it is signed.
    { name: "cutMadeUpTokens", step: "build", priority: "high", override: true },
  );
}

function hasBytes(request: unknown): request is { body: Uint8Array } {
  const isRequest = typeof request === "object" && request !== null && "body" in request;
  return isRequest && request.body instanceof Uint8Array;
}

function withoutToken(body: Uint8Array): Uint8Array {
  // The SDK's own class warns where its bytes are read as a Buffer's.
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const from = bytes.length - LENGTH;
  if (from < 0 || !MADE_UP.test(bytes.toString("latin1", from))) return body;
  return Buffer.concat([bytes.subarray(0, from), Buffer.from("}")]);
}
