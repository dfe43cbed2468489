/**
 * Callers with a JSON Web Token of an OpenID Connect issuer, as a bearer token.
 *
 * Source: RFC 7519; RFC 8725, "JSON Web Token Best Current Practices".
 */
import { errors, jwtVerify } from "jose";
import type { IdentityDocument } from "../../api/identity-document.ts";
import type { Log } from "../../api/runtime.ts";
import type { Clock } from "../../model/clock.ts";
import { type Authenticate, bearerToken, MAX_TOKEN_BYTES } from "../authenticator.ts";
import { type Claims, identityFrom } from "./claims.ts";
import { type IssuerKeys, IssuerUnavailable } from "./keys.ts";

export interface JwtParts {
  readonly keys: IssuerKeys;
  readonly issuer: string;
  readonly audience: string;
  readonly claims: Claims;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

/** Signatures by a key pair alone: with a shared secret, the public key of an issuer could sign. */
const ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];

const NONE: IdentityDocument = { kind: "jwt", status: "none" };
const UNAVAILABLE: IdentityDocument = { kind: "jwt", status: "unavailable" };

export function jwtAuthenticate(parts: JwtParts): Authenticate {
  const { keys, issuer, audience, claims, clock, log } = parts;
  return async (headers) => {
    const token = bearerToken(headers);
    if (token === undefined || token.length > MAX_TOKEN_BYTES) return NONE;
    try {
      const { payload } = await jwtVerify(token, keys.find, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        currentDate: new Date(clock.now()),
        requiredClaims: ["exp"],
      });
      return identityFrom(payload, claims) ?? NONE;
    } catch (error) {
      if (error instanceof errors.JOSEError) return NONE;
      const reason = error instanceof Error ? error.message : String(error);
      const message = error instanceof IssuerUnavailable ? "a token could not be validated" : "jwt";
      log({ level: "WARN", message, reason });
      return UNAVAILABLE;
    }
  };
}
