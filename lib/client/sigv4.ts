/**
 * Callers with AWS credentials, for an endpoint of the kind `iam`: requests are signed.
 *
 * Source: AWS IAM user guide, "AWS Signature Version 4 for API requests"; the name of API
 * Gateway's service is `execute-api`.
 */
import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Credentials, HttpRequest } from "./http.ts";
import { type Clock, platformClock } from "./platform.ts";

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface SigV4Options {
  readonly region: string;
  /** Asked for each request, so that it may renew them: a provider of the AWS SDK fits. */
  readonly credentials: AwsCredentials | (() => Promise<AwsCredentials>);
  readonly clock?: Pick<Clock, "now">;
}

export function sigv4({ region, credentials, clock = platformClock }: SigV4Options): Credentials {
  const signer = new SignatureV4({ service: "execute-api", region, credentials, sha256: Sha256 });
  return {
    headers: async (request) => {
      const signingDate = new Date(clock.now());
      const { headers } = await signer.sign(signable(request), { signingDate });
      // `fetch` itself sends the host, which is part of the signature.
      return Object.fromEntries(
        Object.entries(headers).filter(([name]) => name.toLowerCase() !== "host"),
      );
    },
  };
}

/**
 * The credentials in `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`, which
 * Lambda sets for every function.
 * @throws Error if they are not set
 */
export function environmentCredentials(
  environment: Readonly<Record<string, string | undefined>>,
): AwsCredentials {
  const accessKeyId = environment["AWS_ACCESS_KEY_ID"];
  const secretAccessKey = environment["AWS_SECRET_ACCESS_KEY"];
  const sessionToken = environment["AWS_SESSION_TOKEN"];
  if (!accessKeyId || !secretAccessKey) {
    throw new Error("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY have to be set");
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}

function signable({ method, url, headers, body }: HttpRequest) {
  const query: Record<string, string[]> = {};
  for (const [name, value] of url.searchParams) query[name] = [...(query[name] ?? []), value];
  return {
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port === "" ? {} : { port: Number(url.port) }),
    path: url.pathname,
    query,
    headers: { ...headers, host: url.host },
    body,
  };
}

type Bytes = string | ArrayBuffer | ArrayBufferView;

/** SHA-256, and HMAC with it if there is a secret, in the form that the signer expects. */
class Sha256 {
  readonly #make: () => Hash | Hmac;
  #state: Hash | Hmac;

  constructor(secret?: Bytes) {
    this.#make = () =>
      secret === undefined ? createHash("sha256") : createHmac("sha256", bytesOf(secret));
    this.#state = this.#make();
  }

  update(chunk: Uint8Array): void {
    this.#state.update(chunk);
  }

  async digest(): Promise<Uint8Array> {
    return this.#state.digest();
  }

  reset(): void {
    this.#state = this.#make();
  }
}

function bytesOf(data: Bytes): Uint8Array {
  if (typeof data === "string") return new TextEncoder().encode(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
