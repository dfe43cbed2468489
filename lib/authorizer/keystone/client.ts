/**
 * Asks Keystone whose a token is, under a credential of its own. The own token is kept,
 * renewed before it ends, and once more if Keystone no longer takes it.
 *
 * Source: Keystone API reference v3, "Validate and show information for token".
 */

import * as z from "zod";
import type { Clock } from "../../model/clock.ts";
import { withoutTrailingSlashes } from "../../model/url-text.ts";
import type { HttpAnswer, HttpClient } from "../https.ts";
import {
  authenticationBody,
  type Credential,
  type CredentialSource,
  sameCredential,
} from "./credential.ts";

/** Nobody could say whether the token is valid. The message is for the log and holds no secret. */
export class KeystoneUnavailable extends Error {}

export interface KeystoneOptions {
  /** With its version, for example `https://keystone.example/v3`. */
  readonly url: string;
  readonly credential: CredentialSource;
  readonly http: HttpClient;
  readonly clock: Clock;
}

const named = z.object({ id: z.string().min(1), name: z.string().optional() });

/** The parts of a token that are read here. */
const tokenSchema = z.object({
  token: z.object({
    user: named,
    project: named.optional(),
    domain: named.optional(),
    system: z.object({ all: z.boolean().optional() }).optional(),
    roles: z.array(z.object({ name: z.string() })).default([]),
    expires_at: z.iso.datetime({ offset: true }),
  }),
});

export type KeystoneToken = z.infer<typeof tokenSchema>["token"];

interface OwnToken {
  readonly text: string;
  /** Milliseconds since 1970: when it is to be replaced, some time before its end. */
  readonly renewAt: number;
}

/** Milliseconds before its end at which the own token is renewed; a quarter of its life if that is less. */
const RENEW_BEFORE = 60_000;
/** Milliseconds for which a credential that Keystone refused is not tried again: accounts get locked. */
const REFUSED_FOR = 30_000;

export class KeystoneClient {
  readonly #options: KeystoneOptions;
  readonly #tokens: string;
  #own: Promise<OwnToken> | undefined;
  #refused: { readonly credential: Credential; readonly at: number } | undefined;

  constructor(options: KeystoneOptions) {
    this.#options = options;
    this.#tokens = `${withoutTrailingSlashes(options.url)}/auth/tokens`;
  }

  /**
   * The token as Keystone knows it; undefined if it is none, has expired or was revoked.
   * @throws KeystoneUnavailable
   */
  async validate(subject: string): Promise<KeystoneToken | undefined> {
    const first = await this.#ownToken();
    let answer = await this.#ask(first, subject);
    if (answer.status === 401) answer = await this.#ask(await this.#ownToken(first), subject);
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw new KeystoneUnavailable(refusalWords(answer.status));
    const parsed = tokenSchema.safeParse(answer.body);
    if (!parsed.success) throw new KeystoneUnavailable("Keystone's answer is no token");
    return parsed.data.token;
  }

  async #ask(own: OwnToken, subject: string): Promise<HttpAnswer> {
    const headers = { "x-auth-token": own.text, "x-subject-token": subject };
    return this.#send({ method: "GET", url: `${this.#tokens}?nocatalog`, headers });
  }

  /** @param refused a token that Keystone no longer takes for our own */
  async #ownToken(refused?: OwnToken): Promise<OwnToken> {
    const held = this.#own;
    if (held !== undefined) {
      const own = await held.catch(() => undefined);
      const usable =
        own !== undefined && own !== refused && this.#options.clock.now() < own.renewAt;
      if (usable) return own;
      if (this.#own === held) this.#own = undefined;
    }
    this.#own ??= this.#authenticate();
    return this.#own;
  }

  /** With another credential, if Keystone refuses the one that was read last and there is one. */
  async #authenticate(): Promise<OwnToken> {
    const { clock, credential: source } = this.#options;
    const refused = this.#refused;
    const first = await this.#credential(source, refused?.credential);
    const again = refused !== undefined && sameCredential(first, refused.credential);
    if (again && clock.now() < refused.at + REFUSED_FOR) throw refusedCredential();
    const own = await this.#logIn(first);
    if (own !== undefined) return own;
    const second = await this.#credential(source, first);
    const other = sameCredential(second, first) ? undefined : await this.#logIn(second);
    if (other === undefined) throw refusedCredential();
    return other;
  }

  async #credential(source: CredentialSource, refused: Credential | undefined) {
    try {
      return await source(refused);
    } catch (error) {
      const reason = error instanceof Error ? error.name : "unknown";
      throw new KeystoneUnavailable(`our own credential cannot be read (${reason})`);
    }
  }

  /** Undefined if Keystone refuses the credential. */
  async #logIn(credential: Credential): Promise<OwnToken | undefined> {
    const body = authenticationBody(credential);
    const answer = await this.#send({ method: "POST", url: this.#tokens, headers: {}, body });
    const now = this.#options.clock.now();
    if (answer.status === 401) {
      this.#refused = { credential, at: now };
      return undefined;
    }
    const text = answer.headers["x-subject-token"];
    const parsed = tokenSchema.safeParse(answer.body);
    if (answer.status !== 201 || typeof text !== "string" || !parsed.success) {
      throw new KeystoneUnavailable(`Keystone answered ${answer.status} to our own credential`);
    }
    this.#refused = undefined;
    const expires = Date.parse(parsed.data.token.expires_at);
    return { text, renewAt: expires - Math.min(RENEW_BEFORE, (expires - now) / 4) };
  }

  async #send(call: Parameters<HttpClient["send"]>[0]): Promise<HttpAnswer> {
    try {
      return await this.#options.http.send(call);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new KeystoneUnavailable(`Keystone did not answer: ${reason}`, { cause: error });
    }
  }
}

const refusedCredential = () =>
  new KeystoneUnavailable("Keystone does not accept our own credential");

function refusalWords(status: number): string {
  if (status === 401) return "Keystone does not accept our own token";
  if (status === 403)
    return "Keystone does not let our credential validate tokens: it needs a role that may";
  return `Keystone answered ${status}`;
}
