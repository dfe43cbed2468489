/**
 * Callers with a credential of OpenStack's identity service, for an endpoint of the kind
 * `keystone`. The token is kept until it is about to expire or is answered 401.
 *
 * Source: Keystone API reference v3, "Authentication and token management".
 */

import type { Credentials } from "./http.ts";
import { type Clock, type Fetch, platformClock, platformFetch } from "./platform.ts";
import { readBody } from "./response-body.ts";
import { DEFAULT_TIMEOUT, within } from "./transport.ts";
import { withoutTrailingSlashes } from "./url-text.ts";

/** The names are those of OpenStack's environment variables, so that `process.env` fits. */
export type KeystoneCredential = Readonly<Record<string, string | undefined>>;

export interface KeystoneOptions {
  /** With or without `/v3` at its end. Default: `OS_AUTH_URL` of the credential. */
  readonly url?: string;
  /**
   * `OS_APPLICATION_CREDENTIAL_ID` and `OS_APPLICATION_CREDENTIAL_SECRET`; or `OS_USERNAME`,
   * `OS_PASSWORD`, `OS_PROJECT_NAME`, and by default the domains `default`: `OS_USER_DOMAIN_ID`
   * or `OS_USER_DOMAIN_NAME`, `OS_PROJECT_DOMAIN_ID` or `OS_PROJECT_DOMAIN_NAME`.
   */
  readonly credential: KeystoneCredential;
  /** Of a request for a token, in milliseconds. Default: 30,000. */
  readonly timeout?: number;
  readonly fetch?: Fetch;
  readonly clock?: Pick<Clock, "now" | "after">;
}

/** Keystone gave no token. */
export class NoToken extends Error {
  /** Undefined if no answer came. */
  readonly status: number | undefined;

  constructor(reason: string, status: number | undefined, cause?: unknown) {
    super(`Keystone gave no token: ${reason}`, cause === undefined ? {} : { cause });
    this.name = "NoToken";
    this.status = status;
  }
}

interface Token {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/** A token that is about to expire is not used any more. */
const MARGIN = 60_000;
const MAX_BYTES = 2 ** 20;

/** @throws Error if the credential is not complete */
export function keystone(options: KeystoneOptions): Credentials {
  const { clock = platformClock, fetch = platformFetch, timeout = DEFAULT_TIMEOUT } = options;
  const url = tokensUrl(options.url ?? required(options.credential, "OS_AUTH_URL"));
  const body = JSON.stringify(authentication(options.credential));
  let current: Promise<Token> | undefined;

  const issue = () =>
    within(clock, timeout, async (signal): Promise<Token> => {
      const headers = { "content-type": "application/json", accept: "application/json" };
      const init = { method: "POST", headers, body, signal, redirect: "manual" as const };
      const response = await fetch(url, init).catch((cause: unknown) => {
        throw new NoToken("no answer", undefined, cause);
      });
      const document = await readBody(response, MAX_BYTES);
      const id = response.headers.get("x-subject-token");
      if (response.status !== 201 || id === null) {
        throw new NoToken(`it answered ${response.status}`, response.status);
      }
      return { id, expires: expiryOf(document) };
    });

  const forget = (token: Promise<Token> | undefined) => {
    if (current === token) current = undefined;
  };

  /** All requests that need a token wait for the same one. A failure is not kept. */
  const token = async (): Promise<string> => {
    const before = current;
    const kept = await before;
    if (kept !== undefined && kept.expires - MARGIN <= clock.now()) forget(before);
    current ??= issue();
    const issued = current;
    try {
      return (await issued).id;
    } catch (error) {
      forget(issued);
      throw error;
    }
  };

  return {
    headers: async () => ({ "x-auth-token": await token() }),
    renew: async (used) => {
      const before = current;
      const kept = await before;
      if (kept?.id === used["x-auth-token"]) forget(before);
    },
  };
}

function tokensUrl(given: string): string {
  const base = withoutTrailingSlashes(given);
  return `${base}${base.endsWith("/v3") ? "" : "/v3"}/auth/tokens`;
}

function authentication(credential: KeystoneCredential): unknown {
  const id = credential["OS_APPLICATION_CREDENTIAL_ID"];
  if (id) {
    const secret = required(credential, "OS_APPLICATION_CREDENTIAL_SECRET");
    const methods = ["application_credential"];
    return { auth: { identity: { methods, application_credential: { id, secret } } } };
  }
  const user = {
    name: required(credential, "OS_USERNAME"),
    password: required(credential, "OS_PASSWORD"),
    domain: domain(credential, "OS_USER_DOMAIN"),
  };
  const project = {
    name: required(credential, "OS_PROJECT_NAME"),
    domain: domain(credential, "OS_PROJECT_DOMAIN"),
  };
  const identity = { methods: ["password"], password: { user } };
  return { auth: { identity, scope: { project } } };
}

function domain(credential: KeystoneCredential, prefix: string) {
  const name = credential[`${prefix}_NAME`];
  const id = credential[`${prefix}_ID`];
  return !id && name ? { name } : { id: id || "default" };
}

function required(credential: KeystoneCredential, name: string): string {
  const value = credential[name];
  if (!value) throw new Error(`${name} has to be set`);
  return value;
}

/** Of the document of a token; without a readable time it is used until it is answered 401. */
function expiryOf(document: unknown): number {
  const { token } = (document ?? {}) as { readonly token?: { readonly expires_at?: unknown } };
  const time = Date.parse(String(token?.expires_at));
  return Number.isNaN(time) ? Number.POSITIVE_INFINITY : time;
}
