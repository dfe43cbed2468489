/** A small JSON client over connections that stay open, with one limit of time and size for all of a call. */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Clock } from "../model/clock.ts";

export interface HttpClientOptions {
  readonly clock: Clock;
  /** Milliseconds for a call, from connecting to the end of its body. */
  readonly timeout: number;
  /** PEM certificates that are trusted instead of the system's. */
  readonly ca?: string | undefined;
}

export interface HttpCall {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  /** Parsed JSON; undefined for none, or for what is no JSON. */
  readonly body: unknown;
}

/** Bytes of an answer. A token without its catalogue has a few thousand. */
const MAX_ANSWER = 262_144;
const MAX_CONNECTIONS = 64;

export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #http = new HttpAgent({ keepAlive: true, maxSockets: MAX_CONNECTIONS });
  readonly #https: HttpsAgent;

  constructor(options: HttpClientOptions) {
    this.#options = options;
    const { ca } = options;
    const trusted = ca === undefined ? {} : { ca };
    this.#https = new HttpsAgent({ keepAlive: true, maxSockets: MAX_CONNECTIONS, ...trusted });
  }

  /** @throws Error if there is no whole answer in time */
  send({ method, url, headers, body }: HttpCall): Promise<HttpAnswer> {
    const { clock, timeout } = this.#options;
    const text = body === undefined ? undefined : JSON.stringify(body);
    const secure = new URL(url).protocol === "https:";
    return new Promise((resolve, reject) => {
      const options = {
        method,
        agent: secure ? this.#https : this.#http,
        headers: {
          accept: "application/json",
          ...(text === undefined
            ? {}
            : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
          ...headers,
        },
      };
      const sent = secure ? httpsRequest(url, options) : httpRequest(url, options);
      const cancel = clock.after(timeout, () => {
        sent.destroy(new Error(`no answer within ${timeout} ms`));
      });
      const end = (act: () => void) => {
        cancel();
        act();
      };
      sent.once("error", (error) => end(() => reject(error)));
      sent.once("response", (response) => {
        received(response).then(
          (answer) => end(() => resolve(answer)),
          (error) => {
            sent.destroy();
            end(() => reject(error));
          },
        );
      });
      sent.end(text);
    });
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}

async function received(response: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += chunk.length;
    if (size > MAX_ANSWER) throw new Error(`the answer passes ${MAX_ANSWER} bytes`);
    chunks.push(chunk);
  }
  const { statusCode: status = 0, headers } = response;
  return { status, headers, body: parsed(Buffer.concat(chunks).toString("utf8")) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
