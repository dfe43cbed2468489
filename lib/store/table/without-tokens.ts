/**
 * A connection that recognises transactions by attempts, and sends no tokens: the SDK makes up one
 * for each request that has none, and the embedded engine would keep it.
 */
import type { AttemptSlots } from "./attempts.ts";
import type { Connection } from "./connection.ts";

/** The end of a request body whose token the SDK has made up, as it writes it. */
const MADE_UP = /^,"ClientRequestToken":"[0-9a-f-]{36}"\}$/;
const LENGTH = ',"ClientRequestToken":""}'.length + 36;

/** `connection` itself must not be used beside the result: they share a client. */
export function withAttempts(connection: Connection, attempts: AttemptSlots): Connection {
  connection.client.middlewareStack.add(
    (next) => (args) => {
      const { request } = args;
      if (hasBytes(request)) request.body = withoutToken(request.body);
      return next(args);
    },
    // Before the body's length is told, and before it is signed.
    { name: "withoutToken", step: "build", priority: "high", override: true },
  );
  return { ...connection, attempts };
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
