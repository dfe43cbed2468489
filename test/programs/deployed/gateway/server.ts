/** The HTTP server in front of a played API. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { httpRequest } from "../../../../lib/local/http-event.ts";
import { headerBytes } from "../../../../lib/local/limits.ts";
import type { GatewayAnswer } from "./answer.ts";
import { BODY_BYTES, type Gateway } from "./gateway.ts";

export interface GatewayServerParts {
  readonly gateway: Gateway;
  /** 0 for any free one. */
  readonly port: number;
  /** What stands in front of the API: names and values in turns, as they are sent and as they arrive. */
  readonly headers?: ((raw: readonly string[]) => Promise<readonly string[]>) | undefined;
}

export interface GatewayServer {
  readonly url: string;
  close(): void;
}

/** Node's parser refuses more; API Gateway's limit is checked by the gateway. */
const MAX_HEAD = 65_536;

export async function startGateway(parts: GatewayServerParts): Promise<GatewayServer> {
  const server = createServer({ maxHeaderSize: MAX_HEAD, keepAliveTimeout: 60_000 });
  server.maxHeadersCount = 0;
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    serve(parts, request, response).catch(() => response.destroy());
  });
  server.on("clientError", answerBroken);
  await listen(server, parts.port);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
}

async function serve(
  { gateway, headers }: GatewayServerParts,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const head = headerBytes(message);
  const given = httpRequest(message, await bodyOf(message));
  const rawHeaders = headers === undefined ? given.rawHeaders : await headers(given.rawHeaders);
  send(response, await gateway.answer({ ...given, rawHeaders }, head));
}

function send(response: ServerResponse, { status, headers, body }: GatewayAnswer): void {
  response.statusCode = status;
  for (const [name, value] of headers) response.appendHeader(name, value);
  if (status !== 204 && status !== 304) response.setHeader("content-length", body.length);
  response.end(body);
}

/** At most one byte more than the gateway takes. */
async function bodyOf(message: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    const room = BODY_BYTES + 1 - size;
    size += Math.min(room, chunk.length);
    if (room > 0) chunks.push(chunk.subarray(0, room));
  }
  return Buffer.concat(chunks, size);
}

/**
 * Invalid HTTP never reaches a function. A length that is no number is refused in the words of
 * Placement, which its suites look for.
 */
function answerBroken(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const isLength = error.code === "HPE_INVALID_CONTENT_LENGTH";
  const message = isLength ? "content-length header must be an integer" : "Bad Request";
  const body = JSON.stringify({ message });
  const head = ["HTTP/1.1 400 Bad Request", "Content-Type: application/json", "Connection: close"];
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  socket.end(`${[...head, length].join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}
