/** An HTTP server in the place of API Gateway, in front of the functions' own handlers. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ROOT } from "./base-path.ts";
import { answerBrokenRequest } from "./broken-request.ts";
import { type ConsoleParts, ConsoleSite } from "./console/site.ts";
import { Gateway, type GatewayParts } from "./gateway.ts";
import { Health, healthCheck } from "./health.ts";
import { acceptedHosts } from "./hosts.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { OpenAnswers } from "./open-answers.ts";
import { refuseRequest } from "./refused-request.ts";

export interface ServerParts extends GatewayParts {
  /** 0 for any free one. */
  readonly port: number;
  readonly host?: string;
  readonly limits?: Partial<Limits>;
  /** Absent: there is none, and its paths are no paths of the API. */
  readonly console?: ConsoleParts;
}

export interface LocalServer {
  readonly port: number;
  readonly url: string;
  /** Requests that are not answered yet. */
  readonly running: number;
  /**
   * Accepts nothing more, and resolves when running requests are answered or out of time.
   * @returns the number of those that were out of time
   */
  close(): Promise<number>;
}

/** @throws the system's error of `listen`, for example with `code` `EADDRINUSE` */
export async function startServer(parts: ServerParts): Promise<LocalServer> {
  const { runtime, port, host = "127.0.0.1" } = parts;
  const limits = { ...DEFAULT_LIMITS, ...parts.limits };
  const gateway = new Gateway(parts, limits);
  const site = siteOf(parts, limits);
  const health = new Health(runtime);
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
    answers.add(response);
    const check = healthCheck(request);
    if (check !== undefined) void health.answer(check, answers.stopping, response);
    else if (site?.serves(request)) site.answer(request, response);
    else void gateway.handle(request, response);
  };
  const answers = new OpenAnswers(server);
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
    get running() {
      return answers.count;
    },
    close: () => answers.close(limits),
  };
}

function siteOf(parts: ServerParts, limits: Limits): ConsoleSite | undefined {
  const { console: own, runtime, mount = ROOT, allowedHosts } = parts;
  if (own === undefined) return undefined;
  return new ConsoleSite({
    ...own,
    mount,
    accepts: acceptedHosts(allowedHosts),
    refuse: (request, response, refusal) => {
      refuseRequest({ runtime, limits }, { request, response }, refusal);
    },
  });
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
