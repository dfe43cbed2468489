/** Puts the authenticators together, for authorizers and for the local server alike. */
import type { IdentityDocument } from "../api/identity-document.ts";
import type { Log } from "../api/runtime.ts";
import type { Clock } from "../model/clock.ts";
import type { Authenticate } from "./authenticator.ts";
import { CALL_TIMEOUT, MAX_ASKING, MAX_TOKENS } from "./configuration.ts";
import { HttpClient } from "./https.ts";
import { inTime } from "./in-time.ts";
import { jwtAuthenticate } from "./jwt/authenticate.ts";
import type { Claims } from "./jwt/claims.ts";
import { IssuerKeys } from "./jwt/keys.ts";
import { keystoneAuthenticate } from "./keystone/authenticate.ts";
import { KeystoneClient } from "./keystone/client.ts";
import type { CredentialSource } from "./keystone/credential.ts";
import { TokenCache } from "./token-cache.ts";

export interface Surroundings {
  readonly clock: Clock;
  readonly log: Log;
  /** PEM certificates that are trusted instead of the system's. */
  readonly ca?: string | undefined;
}

export interface KeystoneSettings {
  readonly url: string;
  readonly credential: CredentialSource;
  /** Seconds. */
  readonly tokenCacheTime: number;
}

export interface JwtSettings {
  readonly issuer: string;
  readonly audience: string;
  readonly claims: Claims;
}

export function keystone(
  settings: KeystoneSettings,
  { clock, log, ca }: Surroundings,
): Authenticate {
  const { url, credential, tokenCacheTime } = settings;
  const http = new HttpClient({ clock, timeout: CALL_TIMEOUT, ca });
  const client = new KeystoneClient({ url, credential, http, clock });
  const maxAge = tokenCacheTime * 1_000;
  const limits = { maxAge, maxTokens: MAX_TOKENS, maxAsking: MAX_ASKING };
  const cache = new TokenCache<IdentityDocument>({ clock, ...limits });
  const authenticate = keystoneAuthenticate({ client, cache, log });
  return inTime(authenticate, { kind: "keystone", clock, log });
}

export function jwt(settings: JwtSettings, { clock, log, ca }: Surroundings): Authenticate {
  const { issuer } = settings;
  const keys = new IssuerKeys({
    issuer,
    http: new HttpClient({ clock, timeout: CALL_TIMEOUT, ca }),
    clock,
  });
  const authenticate = jwtAuthenticate({ ...settings, keys, clock, log });
  return inTime(authenticate, { kind: "jwt", clock, log });
}
