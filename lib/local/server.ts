/** An HTTP server in the place of API Gateway, in front of the functions' own handlers. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answerBrokenRequest } from "./broken-request.ts";
import { Gateway, type GatewayParts } from "./gateway.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";

export interface ServerParts extends GatewayParts {
  /** 0 for any free one. */
  readonly port: number;
  readonly host?: string;
  readonly limits?: Partial<Limits>;
}

export interface LocalServer {
  readonly port: number;
  readonly url: string;
  /** Accepts nothing more, and resolves when running requests are answered or out of time. */
  close(): Promise<void>;
}

/** @throws the system's error of `listen`, for example with `code` `EADDRINUSE` */
export async function startServer(parts: ServerParts): Promise<LocalServer> {
  const { runtime, port, host = "127.0.0.1" } = parts;
  const limits = { ...DEFAULT_LIMITS, ...parts.limits };
  const gateway = new Gateway(parts, limits);
  const server = createServer({
    maxHeaderSize: limits.headerBytes,
    // The gateway asks for it itself, and says so in a document.
    requireHostHeader: false,
    headersTimeout: limits.headersTimeout,
    requestTimeout: limits.requestTimeout,
    keepAliveTimeout: limits.keepAliveTimeout,
    connectionsCheckingInterval: Math.min(limits.headersTimeout, 5_000),
  });
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    // A connection that is kept open would hold up a server that closes.
    response.once("close", () => {
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
    });
    void gateway.handle(request, response);
  };
  server.on("request", serve);
  // Node would answer an expectation that it does not know before the gateway sees the request.
  server.on("checkExpectation", serve);
  server.maxConnections = limits.connections;
  // Their size has a limit; beyond a limit of number Node would drop headers without a word.
  server.maxHeadersCount = 0;
  server.on("clientError", (error, socket) => {
    answerBrokenRequest(error, socket, { runtime, limits });
  });
  await listen(server, port, host);
  const address = server.address() as AddressInfo;
  return {
    port: address.port,
    url: `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`,
    close: () => close(server, limits.closeTimeout),
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function close(server: Server, timeout: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), timeout);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
