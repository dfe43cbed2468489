/**
 * SigV4, verified as API Gateway does: the request is signed again with the caller's secret.
 * Principals and their keys are made up, so the secrets are no secrets.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import type { HttpRequest } from "../../../../lib/local/http-parts.ts";
import { splitAbsolute } from "../../../../lib/local/http-parts.ts";
import { ACCOUNT, REGION } from "../assembly/resolver.ts";

/** As an event names who has signed. */
export interface Signer {
  readonly accessKey: string;
  readonly accountId: string;
  readonly userArn: string;
  readonly userId: string;
}

export interface Principal extends Signer {
  readonly secretKey: string;
}

/** Milliseconds that a signature may be old, or ahead. */
const MAX_AGE = 300_000;

/** A session of the role; the role itself is `arn:aws:iam::…:role/NAME`. */
export function principal(name: string): Principal {
  return {
    accessKey: `AKIAPLAYED${name.toUpperCase()}`,
    secretKey: `secret-of-${name}`,
    accountId: ACCOUNT,
    userArn: `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/session`,
    userId: `AROAPLAYED${name.toUpperCase()}:session`,
  };
}

/** Undefined: the request has no signature, or a wrong one. */
export async function signerOf(
  request: HttpRequest,
  principals: readonly Principal[],
  now: number,
): Promise<Signer | undefined> {
  const headers = lowerCase(request.rawHeaders);
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/.+?, ?SignedHeaders=([^,]+), ?Signature=(\w+)$/.exec(
      headers["authorization"] ?? "",
    );
  const [, accessKey, names = "", signature = ""] = parts ?? [];
  const known = principals.find((each) => each.accessKey === accessKey);
  const signedAt = dateOf(headers["x-amz-date"]);
  if (known === undefined || signedAt === undefined) return undefined;
  if (Math.abs(signedAt.getTime() - now) > MAX_AGE) return undefined;
  const signed = Object.fromEntries(names.split(";").map((name) => [name, headers[name] ?? ""]));
  const hash = createHash("sha256").update(request.body).digest("hex");
  if ((signed["x-amz-content-sha256"] ?? hash) !== hash) return undefined;
  const own = await sign(known, request, { signedAt, headers: signed });
  if (!equal(own, signature)) return undefined;
  const { secretKey: _secret, ...signer } = known;
  return signer;
}

interface Signed {
  readonly signedAt: Date;
  readonly headers: Readonly<Record<string, string>>;
}

async function sign(
  { accessKey, secretKey }: Principal,
  request: HttpRequest,
  { signedAt, headers }: Signed,
): Promise<string> {
  const { origin } = splitAbsolute(request.target);
  const [path = "/", search = ""] = origin.split(/\?(.*)/s);
  const signer = new SignatureV4({
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
    region: REGION,
    service: "execute-api",
    sha256: Sha256,
    // Only what the client has signed.
    applyChecksum: false,
  });
  const query: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(search)) {
    query[name] = [...(query[name] ?? []), value];
  }
  const signed = await signer.sign(
    {
      method: request.method,
      protocol: "https:",
      hostname: headers["host"] ?? "",
      path,
      query,
      headers: { ...headers },
      body: request.body,
    },
    { signingDate: signedAt, signableHeaders: new Set(Object.keys(headers)) },
  );
  return /Signature=(\w+)$/.exec(signed.headers["authorization"] ?? "")?.[1] ?? "";
}

function lowerCase(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = Object.create(null);
  for (let index = 0; index + 1 < raw.length; index += 2) {
    headers[(raw[index] ?? "").toLowerCase()] = (raw[index + 1] ?? "").trim();
  }
  return headers;
}

/** Of `20261126T215300Z`. */
function dateOf(text: string | undefined): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? "");
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

function equal(own: string, given: string): boolean {
  const [left, right] = [Buffer.from(own), Buffer.from(given)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** As the library asks for it. */
export class Sha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    const key = typeof secret === "string" ? secret : secret && bytesOf(secret);
    this.#hash = key === undefined ? createHash("sha256") : createHmac("sha256", key);
  }

  update(chunk: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(typeof chunk === "string" ? chunk : bytesOf(chunk));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    throw new Error("a hash is used once");
  }
}

function bytesOf(data: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
