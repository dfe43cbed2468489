/** Answers to what is no HTTP request, so that no operation ever sees it. */
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { errorDocument } from "../api/error-document.ts";
import { BadContentLength } from "../api/refusals.ts";
import type { Runtime } from "../api/runtime.ts";

const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_HEADER_OVERFLOW: 431,
};

/** Writes an answer and closes the connection; to be called on `clientError`. */
export function answerBrokenRequest(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  runtime: Runtime,
): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  socket.end(answerTo(error.code ?? "", runtime), () => socket.destroy());
}

/** Placement counts a malformed length as a client's error with a document of its own. */
function answerTo(code: string, runtime: Runtime): string {
  if (code !== "HPE_INVALID_CONTENT_LENGTH") return response(STATUS_BY_CODE[code] ?? 400, [], "");
  const requestId = `req-${runtime.random.uuid()}`;
  const refusal = new BadContentLength();
  const document = errorDocument(refusal, { requestId, accept: undefined, version: undefined });
  const headers = [`Content-Type: ${document.contentType}`, `X-Openstack-Request-Id: ${requestId}`];
  return response(refusal.status, headers, document.body);
}

function response(status: number, headers: readonly string[], body: string): string {
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...headers,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}
