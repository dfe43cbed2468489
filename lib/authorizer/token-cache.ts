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
  /** Tokens that are remembered. */
  readonly maxTokens: number;
  /** Questions under way at a time. */
  readonly maxAsking: number;
}

export interface Answered<T> {
  readonly value: T;
  /** Milliseconds since 1970, after which the answer is no longer true; undefined: no limit of its own. */
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
  readonly #kept = new Map<string, Kept<T>>();
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
    const kept = this.#kept.get(hash);
    if (kept === undefined) return undefined;
    this.#kept.delete(hash);
    if (this.#options.clock.now() >= kept.until) return undefined;
    this.#kept.set(hash, kept);
    return kept;
  }

  async #ask(hash: string, ask: () => Promise<Answered<T>>): Promise<T> {
    const { clock, maxAge, maxTokens } = this.#options;
    const { value, expires } = await ask();
    const until = Math.min(clock.now() + maxAge, expires ?? Number.POSITIVE_INFINITY);
    this.#kept.set(hash, { value, until });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > maxTokens && oldest !== undefined) this.#kept.delete(oldest);
    return value;
  }
}
