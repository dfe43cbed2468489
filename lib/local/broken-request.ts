/** Answers to invalid HTTP, which no operation ever sees. */
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { errorDocument } from "../api/error-document.ts";
import { BadContentLength } from "../api/refusals.ts";
import type { Runtime } from "../api/runtime.ts";
import type { Refusal } from "../model/refusal.ts";
import type { Limits } from "./limits.ts";
import { logRefusal } from "./refusal-line.ts";
import {
  ChunkExtensionsTooLarge,
  HeadersTooLarge,
  MalformedRequest,
  RequestTooSlow,
} from "./refusals.ts";

/** By the code of Node's error. */
const REFUSALS: Readonly<Record<string, (limits: Limits) => Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: () => new RequestTooSlow(),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: () => new ChunkExtensionsTooLarge(),
  HPE_HEADER_OVERFLOW: ({ headerBytes }) => new HeadersTooLarge(headerBytes),
  // Placement answers a malformed length with its own message.
  HPE_INVALID_CONTENT_LENGTH: () => new BadContentLength(),
};

/** Writes an answer and closes the connection; to be called on `clientError`. */
export function answerBrokenRequest(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  { runtime, limits }: { readonly runtime: Runtime; readonly limits: Limits },
): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const refusal = REFUSALS[error.code ?? ""]?.(limits) ?? new MalformedRequest();
  const requestId = `req-${runtime.random.uuid()}`;
  logRefusal(runtime, requestId, refusal);
  socket.end(response(refusal, requestId), () => socket.destroy());
}

function response(refusal: Refusal, requestId: string): string {
  const { status } = refusal;
  const { contentType, body } = errorDocument(refusal, {
    requestId,
    accept: undefined,
    version: undefined,
  });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${contentType}`,
    `X-Openstack-Request-Id: ${requestId}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}
