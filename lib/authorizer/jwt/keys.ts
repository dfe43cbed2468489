/**
 * The keys of an OpenID Connect issuer, found by its discovery document.
 *
 * Source: OpenID Connect Discovery 1.0, section 4; RFC 7517.
 */

import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";
import * as z from "zod";
import type { Clock } from "../../model/clock.ts";
import { withoutTrailingSlashes } from "../../model/url-text.ts";
import type { HttpClient } from "../https.ts";

/** The issuer's keys cannot be read. */
export class IssuerUnavailable extends Error {}

export interface KeysOptions {
  readonly issuer: string;
  readonly http: HttpClient;
  readonly clock: Pick<Clock, "now">;
}

/** Milliseconds that keys are relied on. */
const MAX_AGE = 600_000;
/** Milliseconds between two readings: an unknown key may be made up, and an issuer may be down. */
const COOLDOWN = 30_000;
/** Milliseconds that keys are relied on while the issuer does not answer. */
const MAX_STALE = 3_600_000;

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.url() });
const keysSchema = z.object({ keys: z.array(z.record(z.string(), z.unknown())).max(100) });

interface Keys {
  readonly find: JWTVerifyGetKey;
  readonly ids: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  readonly readAt: number;
}

export class IssuerKeys {
  readonly #options: KeysOptions;
  #held: Keys | undefined;
  /** Milliseconds since 1970: when the issuer was last asked. */
  #askedAt = 0;
  #reading: Promise<Keys> | undefined;

  constructor(options: KeysOptions) {
    this.#options = options;
  }

  /**
   * The key that a token's header names.
   * @throws IssuerUnavailable; what jose throws if the issuer has no such key
   */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    const keys = await this.#keysFor(header?.kid);
    return keys.find(header, token);
  };

  async #keysFor(kid: string | undefined): Promise<Keys> {
    const held = this.#held;
    if (held === undefined) return this.#read();
    const now = this.#options.clock.now();
    const age = now - held.readAt;
    const unknown = kid !== undefined && !held.ids.has(kid);
    if (now < this.#askedAt + COOLDOWN || (!unknown && age < MAX_AGE)) return usable(held, age);
    // An issuer that is down for a while does not make its keys wrong.
    return this.#read().catch(() => usable(held, age));
  }

  #read(): Promise<Keys> {
    this.#reading ??= this.#fetch().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #fetch(): Promise<Keys> {
    const { issuer, clock } = this.#options;
    this.#askedAt = clock.now();
    const base = withoutTrailingSlashes(issuer);
    const found = discoverySchema.safeParse(
      await this.#get(`${base}/.well-known/openid-configuration`),
    );
    if (!found.success || found.data.issuer !== issuer) {
      throw new IssuerUnavailable(`the discovery document is not that of ${issuer}`);
    }
    const set = keysSchema.safeParse(await this.#get(found.data.jwks_uri));
    if (!set.success) throw new IssuerUnavailable("the issuer's key set is none");
    const { keys } = set.data;
    const ids = new Set(keys.flatMap(({ kid }) => (typeof kid === "string" ? [kid] : [])));
    const find = createLocalJWKSet({ keys } as JSONWebKeySet);
    this.#held = { find, ids, readAt: clock.now() };
    return this.#held;
  }

  async #get(url: string): Promise<unknown> {
    const { http } = this.#options;
    const answer = await http.send({ method: "GET", url, headers: {} }).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new IssuerUnavailable(`${url} did not answer: ${reason}`, { cause: error });
    });
    if (answer.status !== 200) throw new IssuerUnavailable(`${url} answered ${answer.status}`);
    return answer.body;
  }
}

/** @throws IssuerUnavailable */
function usable(keys: Keys, age: number): Keys {
  if (age < MAX_STALE) return keys;
  throw new IssuerUnavailable("the issuer's keys could not be read again for too long");
}
