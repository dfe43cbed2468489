/**
 * The network between the SDK and the engine. It is below the SDK's parsing of answers, so
 * that lost, truncated and forged answers have the effect they have in production. The
 * scheduler runs one call at a time.
 */
import { Readable } from "node:stream";
import type { DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";

/** What happens to a call: whether it is executed, and separately what is answered. */
export interface Fate {
  readonly carriedOut: boolean;
  /** Undefined: the engine's own. */
  readonly answer?: Answer;
}

export type Answer =
  /** An error of DynamoDB's, or of something in front of it. */
  | { readonly kind: "reply"; readonly status: number; readonly body: string }
  /** The engine's answer, cut off at this share of its length. */
  | { readonly kind: "cut"; readonly share: number }
  /** No answer at all. */
  | { readonly kind: "broken"; readonly error: () => Error };

interface HttpResponse {
  statusCode: number;
  headers: Record<string, string>;
  body?: unknown;
}

interface Handler {
  handle(request: unknown, options?: unknown): Promise<{ response: HttpResponse }>;
  destroy?(): void;
}

export class Wire {
  /** Whether the engine has carried out the last call, with success. */
  succeeded = false;
  /** Of the next call. */
  fate: Fate = { carriedOut: true };
  readonly #below: Handler;

  constructor(config: DynamoDBClientConfig) {
    this.#below = new DynamoDBClient(config).config.requestHandler as unknown as Handler;
  }

  /** For the client's configuration, as its `requestHandler`. */
  get handler(): NonNullable<DynamoDBClientConfig["requestHandler"]> {
    const handler: Handler = {
      handle: (request, options) => this.#handle(request, options),
      destroy: () => this.#below.destroy?.(),
    };
    return handler as unknown as NonNullable<DynamoDBClientConfig["requestHandler"]>;
  }

  async #handle(request: unknown, options: unknown): Promise<{ response: HttpResponse }> {
    const { carriedOut, answer } = this.fate;
    this.succeeded = false;
    const real = carriedOut ? await this.#send(request, options) : undefined;
    this.succeeded = real !== undefined && real.statusCode < 300;
    if (answer === undefined && real !== undefined) return { response: real };
    if (answer === undefined) throw new Error("a call that is not carried out needs an answer");
    switch (answer.kind) {
      case "broken":
        throw answer.error();
      case "reply":
        return { response: replyOf(answer.status, answer.body) };
      case "cut": {
        const whole = await text(real?.body);
        const length = Math.max(1, Math.floor(whole.length * answer.share));
        return { response: replyOf(real?.statusCode ?? 200, whole.slice(0, length)) };
      }
    }
  }

  async #send(request: unknown, options: unknown): Promise<HttpResponse> {
    const { response } = await this.#below.handle(request, options);
    return replyOf(response.statusCode, await text(response.body));
  }
}

function replyOf(statusCode: number, body: string): HttpResponse {
  const headers = { "content-type": "application/x-amz-json-1.0" };
  return { statusCode, headers, body: Readable.from([Buffer.from(body)]) };
}

async function text(body: unknown): Promise<string> {
  if (body === undefined) return "";
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
