/** The load: requests over connections that are kept open where the server allows it. */
import { Agent, type IncomingMessage, request as send } from "node:http";

export interface Message {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  /** With the query. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly expected: number;
  /** By this status, too, the server says that it lost a race with another write. */
  readonly lost?: number;
}

export interface Answer {
  readonly status: number;
  /** As text: of errors, and of other answers up to 64 KB. */
  readonly text: string;
}

const MAX_CONNECTIONS = 256;
const TIMEOUT = 120_000;
/** Longer answers are received and thrown away: parsing is no part of the load. */
const MAX_KEPT = 65_536;

/** The newest version that Placement has, for every request. */
const HEADERS = {
  "x-auth-token": "admin",
  "x-roles": "admin,service",
  "openstack-api-version": "placement 1.39",
};

export class Load {
  readonly url: string;
  readonly #place: { readonly hostname: string; readonly port: string };
  readonly #base: string;
  #agent = agent();

  constructor(url: string) {
    this.url = url;
    const { hostname, port, pathname } = new URL(url);
    this.#place = { hostname, port: port === "" ? "80" : port };
    this.#base = pathname.replace(/\/$/, "");
  }

  /** @throws errors of the connection */
  async send({ method, path, body, headers }: Message): Promise<Answer> {
    const json = body === undefined ? undefined : JSON.stringify(body);
    const typed =
      json === undefined
        ? {}
        : { "content-type": "application/json", "content-length": Buffer.byteLength(json) };
    return new Promise((resolve, reject) => {
      const options = {
        ...this.#place,
        agent: this.#agent,
        method,
        path: this.#base + path,
        headers: { ...HEADERS, ...typed, ...headers },
        timeout: TIMEOUT,
      };
      const request = send(options, (response) => receive(response, resolve, reject));
      request.once("timeout", () => request.destroy(new Error(`no answer in ${TIMEOUT} ms`)));
      request.once("error", reject);
      request.end(json);
    });
  }

  /** @throws Error on another status than the expected one; for what prepares a measurement */
  async expect(message: Message): Promise<Answer> {
    const answer = await this.send(message);
    if (answer.status === message.expected) return answer;
    throw new Error(`${this.url}: ${describe(message, answer)}`);
  }

  /** Closes its connections; a server may close idle ones while another is measured. */
  rest(): void {
    this.#agent.destroy();
    this.#agent = agent();
  }
}

export function describe({ method, path, expected }: Message, { status, text }: Answer): string {
  return `${method} ${path}: ${status} instead of ${expected}: ${text.slice(0, 300)}`;
}

function agent(): Agent {
  return new Agent({ keepAlive: true, maxSockets: MAX_CONNECTIONS });
}

function receive(
  response: IncomingMessage,
  resolve: (answer: Answer) => void,
  reject: (error: Error) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MAX_KEPT) chunks.push(chunk);
  });
  response.once("error", reject);
  response.once("end", () => {
    const text = bytes <= MAX_KEPT ? Buffer.concat(chunks).toString("utf8") : "";
    resolve({ status: response.statusCode ?? 0, text });
  });
}
