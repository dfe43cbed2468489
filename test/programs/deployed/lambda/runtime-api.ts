/** Lambda's side of the runtime interface, for one environment: a server that its process alone calls. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import * as z from "zod";

export const EVENT_BYTES = 6_291_456;
/** Lambda's limit of a result. */
const RESULT_BYTES = 6_291_556;

export interface Invocation {
  readonly id: string;
  /** JSON. */
  readonly event: string;
  readonly arn: string;
  /** Milliseconds since 1970. */
  readonly deadline: number;
}

export type Outcome =
  | { readonly ok: true; readonly result: string }
  | { readonly ok: false; readonly errorType: string; readonly errorMessage: string };

const errorSchema = z.object({ errorType: z.string(), errorMessage: z.string() });

export class RuntimeApi {
  readonly #server: Server;
  /** The process waits for its next invocation. */
  #asking: ServerResponse | undefined;
  #next: Invocation | undefined;
  #running: { readonly id: string; end(outcome: Outcome): void } | undefined;
  #failure: Outcome | undefined;

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
    // An environment may be idle for as long as the deployment lives.
    this.#server.keepAliveTimeout = 0;
    this.#server.requestTimeout = 0;
  }

  static async listen(): Promise<RuntimeApi> {
    const api = new RuntimeApi();
    api.#server.listen(0, "127.0.0.1");
    await once(api.#server, "listening");
    return api;
  }

  /** For `AWS_LAMBDA_RUNTIME_API`. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** One at a time. */
  invoke(invocation: Invocation): Promise<Outcome> {
    if (this.#failure !== undefined) return Promise.resolve(this.#failure);
    return new Promise((resolve) => {
      this.#running = { id: invocation.id, end: resolve };
      this.#next = invocation;
      this.#deliver();
    });
  }

  /** Nothing comes from the process any more. */
  fail(errorType: string, errorMessage: string): void {
    this.#failure ??= { ok: false, errorType, errorMessage };
    this.#end(this.#failure);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, , area, id, verb] = (request.url ?? "").slice(1).split("/");
    if (request.method === "GET" && area === "invocation" && id === "next") {
      this.#asking = response;
      this.#deliver();
      return;
    }
    const body = await limitedText(request);
    if (area === "init") {
      const { errorType, errorMessage } = errorSchema.parse(JSON.parse(body ?? "{}"));
      this.fail(errorType, errorMessage);
    } else if (id === this.#running?.id) {
      this.#end(outcomeOf(verb, body));
    }
    response.writeHead(202).end("{}");
  }

  #deliver(): void {
    const [response, next] = [this.#asking, this.#next];
    if (response === undefined || next === undefined) return;
    this.#asking = undefined;
    this.#next = undefined;
    response.writeHead(200, {
      "content-type": "application/json",
      "lambda-runtime-aws-request-id": next.id,
      "lambda-runtime-deadline-ms": next.deadline,
      "lambda-runtime-invoked-function-arn": next.arn,
    });
    response.end(next.event);
  }

  #end(outcome: Outcome): void {
    this.#running?.end(outcome);
    this.#running = undefined;
  }
}

function outcomeOf(verb: string | undefined, body: string | undefined): Outcome {
  if (body === undefined) {
    const errorMessage = `the result passes ${RESULT_BYTES} bytes`;
    return { ok: false, errorType: "Function.ResponseSizeTooLarge", errorMessage };
  }
  if (verb === "response") return { ok: true, result: body };
  return { ok: false, ...errorSchema.parse(JSON.parse(body)) };
}

/** Undefined: it is longer than a result may be. */
async function limitedText(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= RESULT_BYTES) chunks.push(chunk);
  }
  return size > RESULT_BYTES ? undefined : Buffer.concat(chunks).toString("utf8");
}
