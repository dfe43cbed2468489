/** The consumers of a project that hold something, their sums, and who holds something on a provider. */
import { UsageSums, type Use } from "../../../model/usage-sums.ts";
import type { Uuid } from "../../../model/uuid.ts";

/** `user` is the user's hash. */
export interface KeptConsumer extends Use {
  /** Those on which it holds something; undefined: not known. */
  readonly providers: readonly Uuid[] | undefined;
}

export class KeptConsumers {
  readonly sums = new UsageSums();
  readonly #consumers = new Map<Uuid, KeptConsumer>();
  readonly #holders = new Map<Uuid, Set<Uuid>>();
  #summedOnly = 0;

  get size(): number {
    return this.#consumers.size + this.#summedOnly;
  }

  /** Whether each consumer is kept, not only its part of the sums. */
  get isWhole(): boolean {
    return this.#summedOnly === 0;
  }

  keys(): Iterable<Uuid> {
    return this.#consumers.keys();
  }

  get(consumer: Uuid): KeptConsumer | undefined {
    return this.#consumers.get(consumer);
  }

  /** Of those whose providers are known. */
  holdersOn(provider: Uuid): Iterable<Uuid> {
    return this.#holders.get(provider) ?? [];
  }

  /** @param wanted undefined: it is not one of the project, or holds nothing */
  set(consumer: Uuid, wanted: KeptConsumer | undefined): void {
    const before = this.#consumers.get(consumer);
    if (before !== undefined) this.#forget(consumer, before);
    if (wanted === undefined) return;
    this.#consumers.set(consumer, wanted);
    this.sums.add(wanted);
    for (const provider of wanted.providers ?? []) {
      const holders = this.#holders.get(provider) ?? new Set();
      this.#holders.set(provider, holders.add(consumer));
    }
  }

  /** Adds a consumer to the sums alone: there are too many to keep them. */
  sum(use: Use): void {
    this.sums.add(use);
    this.#summedOnly += 1;
  }

  /** Those that are not the same in what was read in full after them. */
  differing(read: KeptConsumers): Uuid[] {
    const missing = [...this.#consumers.keys()].filter((each) => !read.#consumers.has(each));
    const others = [...read.#consumers].filter(([each, use]) => !isSame(this.get(each), use));
    return [...missing, ...others.map(([consumer]) => consumer)];
  }

  /** Makes them what was read in full after them. That does not tell the providers of those that differ. */
  correct(read: KeptConsumers): void {
    for (const consumer of this.differing(read)) this.set(consumer, read.get(consumer));
  }

  #forget(consumer: Uuid, before: KeptConsumer): void {
    this.#consumers.delete(consumer);
    this.sums.remove(before);
    for (const provider of before.providers ?? []) {
      const holders = this.#holders.get(provider);
      holders?.delete(consumer);
      if (holders?.size === 0) this.#holders.delete(provider);
    }
  }
}

function isSame(kept: Use | undefined, read: Use): boolean {
  if (kept === undefined || kept.user !== read.user || kept.type !== read.type) return false;
  const ids = Object.keys(read.amounts);
  return (
    ids.length === Object.keys(kept.amounts).length &&
    ids.every((id) => kept.amounts[id] === read.amounts[id])
  );
}
