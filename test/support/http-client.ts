/** HTTP as tests need it: any header, any body, one connection kept open. */
import { Agent, type IncomingHttpHeaders, request as send } from "node:http";
import { connect } from "node:net";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Parsed if its content type is JSON, else the text. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

export interface HttpMessage {
  readonly method: string;
  /** With the query, exactly as it is sent. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
}

export class HttpClient {
  readonly #origin: string;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(origin: string) {
    this.#origin = origin;
  }

  send({ method, path, headers = {}, body }: HttpMessage): Promise<HttpAnswer> {
    const { hostname, port } = new URL(this.#origin);
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const options = {
      agent: this.#agent,
      hostname,
      port,
      method,
      path,
      headers: { ...length, ...headers } as Record<string, string | string[]>,
    };
    return new Promise((resolve, reject) => {
      const request = send(options, async (response) => {
        try {
          const sent = await buffer(response);
          const zipped = response.headers["content-encoding"] === "gzip";
          const received = (zipped ? gunzipSync(sent) : sent).toString("utf8");
          const json = response.headers["content-type"]?.startsWith("application/json");
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: json && received !== "" ? JSON.parse(received) : received,
          });
        } catch (error) {
          reject(error);
        }
      });
      request.once("error", reject);
      request.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** Sends `bytes` as they are; resolves with all that comes back until the server closes. */
export function sendRaw(origin: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) });
    let received = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      received += chunk;
    });
    socket.once("error", reject);
    socket.once("close", () => resolve(received));
    socket.write(bytes);
  });
}
