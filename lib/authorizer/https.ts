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
/** Milliseconds without any call after which no connection is used any more. */
const MAX_IDLE = 10_000;

/** A connection that was kept open turned out to be closed before it carried an answer. */
class ClosedConnection extends Error {}

export class HttpClient {
  readonly #options: HttpClientOptions;
  #agents: { readonly http: HttpAgent; readonly https: HttpsAgent } | undefined;
  #underWay = 0;
  /** Milliseconds since 1970: when the last call ended. */
  #idleSince = 0;

  constructor(options: HttpClientOptions) {
    this.#options = options;
  }

  /**
   * A connection that the other side has closed meanwhile is replaced once: no call is counted
   * twice by the services that are called here.
   * @throws Error if there is no whole answer in time
   */
  async send(call: HttpCall): Promise<HttpAnswer> {
    const { clock } = this.#options;
    // While a function is frozen, networks forget its connections without a word.
    if (this.#underWay === 0 && clock.now() - this.#idleSince >= MAX_IDLE) this.close();
    this.#underWay += 1;
    try {
      return await this.#send(call).catch((error: unknown) => {
        if (!(error instanceof ClosedConnection)) throw error;
        return this.#send(call);
      });
    } finally {
      this.#underWay -= 1;
      this.#idleSince = clock.now();
    }
  }

  #send({ method, url, headers, body }: HttpCall): Promise<HttpAnswer> {
    const { clock, timeout } = this.#options;
    const text = body === undefined ? undefined : JSON.stringify(body);
    const secure = new URL(url).protocol === "https:";
    const { http, https } = this.#connections();
    return new Promise((resolve, reject) => {
      const options = {
        method,
        agent: secure ? https : http,
        headers: {
          accept: "application/json",
          ...(text === undefined
            ? {}
            : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
          ...headers,
        },
      };
      const sent = secure ? httpsRequest(url, options) : httpRequest(url, options);
      const late = new Error(`no answer within ${timeout} ms`);
      const cancel = clock.after(timeout, () => {
        sent.destroy(late);
        end(() => reject(late));
      });
      const end = (act: () => void) => {
        cancel();
        act();
      };
      let answered = false;
      sent.on("error", (error: NodeJS.ErrnoException) => {
        const closed = sent.reusedSocket && !answered && error.code === "ECONNRESET";
        end(() => reject(closed ? new ClosedConnection(error.message) : error));
      });
      sent.once("response", (response) => {
        answered = true;
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

  #connections() {
    const { ca } = this.#options;
    const options = { keepAlive: true, maxSockets: MAX_CONNECTIONS };
    this.#agents ??= {
      http: new HttpAgent(options),
      https: new HttpsAgent({ ...options, ...(ca === undefined ? {} : { ca }) }),
    };
    return this.#agents;
  }

  /** Closes all connections; the next call opens new ones. */
  close(): void {
    this.#agents?.http.destroy();
    this.#agents?.https.destroy();
    this.#agents = undefined;
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
