/** Requests to one endpoint over connections that are kept open. */
import { Agent as HttpAgent, type IncomingMessage, request as sendHttp } from "node:http";
import { Agent as HttpsAgent, request as sendHttps } from "node:https";
import type { Socket } from "node:net";
import { CONNECTION_TIMEOUT } from "../connection.ts";

export interface RawAnswer {
  readonly status: number;
  /** Of a header that occurs once. */
  header(name: string): string | undefined;
  readonly body: string;
}

export interface Carrier {
  /**
   * An aborted request ends its connection.
   * @throws errors of the network, also amid the answer; the reason of the signal
   */
  post(
    headers: Readonly<Record<string, string>>,
    body: string,
    signal: AbortSignal,
  ): Promise<RawAnswer>;
  destroy(): void;
}

/** Connections at once, as in the SDK. */
const AGENT = { keepAlive: true, maxSockets: 50 };

/** DynamoDB's answers have at most 16 MB of items, and JSON adds names and base64. */
const MAX_BODY = 64 * 1024 * 1024;

export class Transport implements Carrier {
  readonly #target: { readonly hostname: string; readonly port: string };
  readonly #agent: HttpAgent;
  readonly #request: typeof sendHttp;

  constructor(endpoint: URL) {
    const secure = endpoint.protocol === "https:";
    const hostname = endpoint.hostname.replace(/^\[(.*)\]$/, "$1");
    this.#target = { hostname, port: endpoint.port };
    this.#agent = secure ? new HttpsAgent(AGENT) : new HttpAgent(AGENT);
    this.#request = secure ? sendHttps : sendHttp;
  }

  post(
    headers: Readonly<Record<string, string>>,
    body: string,
    signal: AbortSignal,
  ): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const options = { ...this.#target, agent: this.#agent, method: "POST", path: "/", headers };
      const request = this.#request(options, (response) => {
        collect(response).then(resolve, reject);
      });
      const abort = () => request.destroy(signal.reason);
      signal.addEventListener("abort", abort, { once: true });
      request.once("close", () => signal.removeEventListener("abort", abort));
      request.once("error", reject);
      request.once("socket", limitConnecting);
      request.end(body);
    });
  }

  destroy(): void {
    this.#agent.destroy();
  }
}

function limitConnecting(socket: Socket): void {
  if (!socket.connecting) return;
  const timer = setTimeout(() => {
    socket.destroy(Object.assign(new Error("no connection in time"), { name: "TimeoutError" }));
  }, CONNECTION_TIMEOUT);
  socket.once("connect", () => clearTimeout(timer));
  socket.once("close", () => clearTimeout(timer));
}

function collect(response: IncomingMessage): Promise<RawAnswer> {
  const { statusCode = 0 } = response;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    response.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_BODY) response.destroy(new Error("the answer is too large"));
    });
    response.once("error", reject);
    response.once("end", () => {
      const body = Buffer.concat(chunks, size).toString("utf8");
      const header = (name: string) => {
        const value = response.headers[name];
        return typeof value === "string" ? value : undefined;
      };
      resolve({ status: statusCode, header, body });
    });
  });
}
