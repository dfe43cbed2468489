/**
 * Signs requests to DynamoDB or another service (AWS Signature Version 4), and corrects the clock by which it does
 * so where DynamoDB's differs.
 */
import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Clock } from "../../../model/clock.ts";
import type { DynamoDBError } from "../faults.ts";
import type { SignedAccess } from "./access.ts";
import type { RawAnswer } from "./transport.ts";

export interface Signed {
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds since 1970, as DynamoDB is told. */
  readonly at: number;
}

export interface Signer {
  sign(operation: string, body: string): Promise<Signed>;
  /** @returns whether the request was refused for its time, and a new signature may pass */
  corrects(error: DynamoDBError, answer: RawAnswer, at: number): boolean;
}

/** Refusals of a request whose time is wrong. Source: the AWS SDK's errors of clock skew. */
const WRONG_TIME = new Set([
  "AuthFailure",
  "InvalidSignatureException",
  "RequestExpired",
  "RequestInTheFuture",
  "RequestTimeTooSkewed",
  "SignatureDoesNotMatch",
]);

/** Milliseconds; DynamoDB accepts five minutes. */
const TOLERANCE = 240_000;

/** What requests to a service of JSON say of it. */
export interface Protocol {
  readonly service: string;
  /** What the header `X-Amz-Target` begins with. */
  readonly target: string;
  readonly contentType: string;
}

const DYNAMODB: Protocol = {
  service: "dynamodb",
  target: "DynamoDB_20120810",
  contentType: "application/x-amz-json-1.0",
};

export class RequestSigner implements Signer {
  readonly #signer: SignatureV4;
  readonly #clock: Pick<Clock, "now">;
  readonly #host: string;
  readonly #protocol: Protocol;
  /** Milliseconds by which DynamoDB's clock is ahead. */
  #ahead = 0;

  constructor(
    endpoint: URL,
    { region, credentials }: SignedAccess,
    clock: Pick<Clock, "now">,
    protocol: Protocol = DYNAMODB,
  ) {
    this.#signer = new SignatureV4({
      service: protocol.service,
      region,
      credentials,
      sha256: Sha256,
      // The body's hash is part of the signature in any case.
      applyChecksum: false,
    });
    this.#clock = clock;
    this.#host = endpoint.host;
    this.#protocol = protocol;
  }

  async sign(operation: string, body: string): Promise<Signed> {
    const at = this.#clock.now() + this.#ahead;
    const { target, contentType } = this.#protocol;
    const { headers } = await this.#signer.sign(
      {
        method: "POST",
        protocol: "https:",
        hostname: this.#host,
        path: "/",
        query: {},
        headers: {
          host: this.#host,
          "content-type": contentType,
          "x-amz-target": `${target}.${operation}`,
        },
        body,
      },
      { signingDate: new Date(at) },
    );
    return { headers: { ...headers, "content-length": String(Buffer.byteLength(body)) }, at };
  }

  corrects(error: DynamoDBError, answer: RawAnswer, at: number): boolean {
    if (!WRONG_TIME.has(error.name)) return false;
    const theirs = Date.parse(answer.header("date") ?? "");
    if (!(Math.abs(theirs - at) >= TOLERANCE)) return false;
    this.#ahead = theirs - this.#clock.now();
    return true;
  }
}

/** What the signer takes as a hash, or with a key as an HMAC. */
class Sha256 {
  #hash: Hash | Hmac;
  readonly #begin: () => Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    const key = secret === undefined ? undefined : bytesOf(secret);
    this.#begin = () => (key === undefined ? createHash("sha256") : createHmac("sha256", key));
    this.#hash = this.#begin();
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    this.#hash = this.#begin();
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === "string") return Buffer.from(data);
  if (ArrayBuffer.isView(data))
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return new Uint8Array(data);
}
