/**
 * The authorization code flow with PKCE, without a client secret.
 *
 * Sources: RFC 7636 "Proof Key for Code Exchange", RFC 6749 section 4.1, OpenID Connect Discovery 1.0.
 */
import type { AuthConfig } from "./config.ts";

type JwtConfig = Extract<AuthConfig, { kind: "jwt" }>;

/** What lasts from the way to the issuer until the way back. Tokens are never stored. */
export interface Pending {
  readonly verifier: string;
  readonly state: string;
  /** The hash to go back to. */
  readonly hash: string;
}

const KEY = "placement.sign-in";

export interface Endpoints {
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
}

export interface Surroundings {
  readonly fetch: typeof globalThis.fetch;
  readonly storage: Storage;
  /** Of the page without query and hash: the issuer has to know it. */
  readonly page: string;
}

export async function discover(fetch: Surroundings["fetch"], issuer: string): Promise<Endpoints> {
  const url = `${issuer.replace(/\/+$/, "")}/.well-known/openid-configuration`;
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the issuer answers ${response.status} to ${url}`);
  return response.json();
}

/** @returns the address at the issuer */
export async function begin(
  auth: JwtConfig,
  { authorization_endpoint }: Endpoints,
  { storage, page }: Surroundings,
  hash: string,
): Promise<string> {
  const pending: Pending = { verifier: random(), state: random(), hash };
  storage.setItem(KEY, JSON.stringify(pending));
  const url = new URL(authorization_endpoint);
  const parameters = {
    response_type: "code",
    client_id: auth.clientId,
    redirect_uri: page,
    scope: auth.scopes.join(" "),
    state: pending.state,
    code_challenge: await challengeOf(pending.verifier),
    code_challenge_method: "S256",
    ...(auth.audience === undefined ? {} : { audience: auth.audience }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/**
 * Takes what was stored before the way to the issuer; it is gone then.
 * @returns undefined if no sign-in of this browser's tab has that state
 */
export function pendingOf(storage: Storage, state: string): Pending | undefined {
  const text = storage.getItem(KEY);
  storage.removeItem(KEY);
  if (text === null) return undefined;
  const pending: Pending = JSON.parse(text);
  return pending.state === state ? pending : undefined;
}

/** @throws Error if the issuer gives no token */
export async function redeem(
  auth: JwtConfig,
  { token_endpoint }: Endpoints,
  { fetch, page }: Surroundings,
  code: string,
  verifier: string,
): Promise<string> {
  const response = await fetch(token_endpoint, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code,
      code_verifier: verifier,
      client_id: auth.clientId,
      redirect_uri: page,
    }),
  });
  const document = await response.json();
  if (!response.ok || typeof document.access_token !== "string") {
    throw new Error(
      `the issuer gives no token: ${document.error_description ?? document.error ?? response.status}`,
    );
  }
  return document.access_token;
}

export async function challengeOf(verifier: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return base64url(new Uint8Array(digest));
}

const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
