/**
 * What an authorizer remembers of tokens, refused ones too. Tokens are kept as their
 * SHA-256, so that a dump of the memory holds none. One question is asked at a time for
 * each token, and a bounded number for all.
 */
import { createHash } from "node:crypto";
import type { Clock } from "../model/clock.ts";

export interface TokenCacheOptions {
  readonly clock: Pick<Clock, "now">;
  /** Milliseconds that an answer is relied on, at most. */
  readonly maxAge: number;
  /** Valid tokens that are remembered, and as many refused ones. */
  readonly maxTokens: number;
  /** Questions under way at a time. */
  readonly maxAsking: number;
}

export interface Answered<T> {
  readonly value: T;
  /** Milliseconds since 1970, the end of a valid token; undefined: the token is not valid. */
  readonly expires: number | undefined;
}

interface Kept<T> {
  readonly value: T;
  readonly until: number;
}

/** More questions are under way than the cache allows. */
export class TooManyQuestions extends Error {
  constructor(limit: number) {
    super(`${limit} tokens are being validated already`);
  }
}

export class TokenCache<T> {
  readonly #options: TokenCacheOptions;
  /** In the order of their last use. */
  readonly #valid = new Map<string, Kept<T>>();
  /** Apart, so that a flood of made-up tokens drives out no valid one. */
  readonly #refused = new Map<string, Kept<T>>();
  readonly #asking = new Map<string, Promise<T>>();

  constructor(options: TokenCacheOptions) {
    this.#options = options;
  }

  /**
   * The answer to a token: one that is kept, or that of `ask`. Failures are not kept.
   * @throws TooManyQuestions, and what `ask` throws
   */
  async get(token: string, ask: () => Promise<Answered<T>>): Promise<T> {
    const hash = createHash("sha256").update(token).digest("base64");
    const known = this.#known(hash);
    if (known !== undefined) return known.value;
    const asked = this.#asking.get(hash);
    if (asked !== undefined) return asked;
    const { maxAsking } = this.#options;
    if (this.#asking.size >= maxAsking) throw new TooManyQuestions(maxAsking);
    const asking = this.#ask(hash, ask).finally(() => this.#asking.delete(hash));
    this.#asking.set(hash, asking);
    return asking;
  }

  /** What is kept and still true. */
  #known(hash: string): Kept<T> | undefined {
    const tokens = this.#valid.has(hash) ? this.#valid : this.#refused;
    const kept = tokens.get(hash);
    if (kept === undefined) return undefined;
    tokens.delete(hash);
    if (this.#options.clock.now() >= kept.until) return undefined;
    tokens.set(hash, kept);
    return kept;
  }

  async #ask(hash: string, ask: () => Promise<Answered<T>>): Promise<T> {
    const { clock, maxAge, maxTokens } = this.#options;
    const { value, expires } = await ask();
    const until = Math.min(clock.now() + maxAge, expires ?? Number.POSITIVE_INFINITY);
    const tokens = expires === undefined ? this.#refused : this.#valid;
    tokens.set(hash, { value, until });
    const [oldest] = tokens.keys();
    if (tokens.size > maxTokens && oldest !== undefined) tokens.delete(oldest);
    return value;
  }
}
