/** An OpenID Connect issuer: its discovery document, its keys, and tokens that it signs. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";

export const AUDIENCE = "placement";

export interface StubIssuer {
  readonly issuer: string;
  readonly counts: Map<string, number>;
  failing: boolean;
  /** Signs with the present key; `exp` is in an hour unless the payload has one. */
  sign(payload: JWTPayload, overrides?: SignOptions): Promise<string>;
  /** From now on another key signs; the old one is gone. */
  rotate(): Promise<void>;
  close(): Promise<void>;
}

export interface SignOptions {
  readonly issuer?: string;
  readonly audience?: string;
  /** Seconds since 1970. */
  readonly expires?: number;
}

const ALGORITHM = "ES256";

/** @param place where clients find the server of this URL, which is the issuer's name; default: there */
export async function startStubIssuer(
  now: () => number = Date.now,
  place: (url: string) => string | Promise<string> = (url) => url,
): Promise<StubIssuer> {
  let serial = 0;
  let { kid, publicJwk, privateKey } = await newKey();
  async function newKey() {
    serial += 1;
    const pair = await generateKeyPair(ALGORITHM, { extractable: true });
    const made = `key-${serial}`;
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: made, alg: ALGORITHM, use: "sig" };
    return { kid: made, publicJwk: jwk, privateKey: pair.privateKey };
  }
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    stub.counts.set(path, (stub.counts.get(path) ?? 0) + 1);
    const documents: Readonly<Record<string, unknown>> = {
      "/.well-known/openid-configuration": { issuer: stub.issuer, jwks_uri: `${stub.issuer}/keys` },
      "/keys": { keys: [publicJwk] },
    };
    const document = documents[path];
    response.writeHead(stub.failing ? 503 : document === undefined ? 404 : 200);
    response.end(JSON.stringify(document ?? {}));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stub: StubIssuer = {
    issuer: await place(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    counts: new Map(),
    failing: false,
    sign: (payload, { issuer = stub.issuer, audience = AUDIENCE, expires } = {}) =>
      new SignJWT(payload)
        .setProtectedHeader({ alg: ALGORITHM, kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setExpirationTime(expires ?? Math.floor(now() / 1_000) + 3_600)
        .sign(privateKey),
    rotate: async () => {
      ({ kid, publicJwk, privateKey } = await newKey());
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return stub;
}
