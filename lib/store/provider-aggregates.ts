/** Changing a provider's aggregates. */
import { ProviderNotFound, StaleProviderGeneration } from "../model/refusals/providers.ts";
import type { Uuid } from "../model/uuid.ts";
import { profileWrites } from "./profile-writes.ts";
import { aggregatesAttribute, profile } from "./provider-items.ts";
import { raising } from "./provider-traits.ts";
import { readProvider } from "./providers.ts";
import type { Plan, Store } from "./store.ts";
import { remove, set } from "./write.ts";

export interface NewAggregates {
  readonly uuid: string;
  /** Each once, in the order in which they are to be shown. */
  readonly aggregates: readonly Uuid[];
  /** The client's, from 1.19; below, the generation is neither asked for nor raised. */
  readonly generation: number | undefined;
}

/**
 * Puts a provider into these aggregates and no others.
 * @returns the provider's generation afterwards
 * @throws ProviderNotFound, StaleProviderGeneration
 */
export async function setAggregates(store: Store, given: NewAggregates): Promise<number> {
  return store.change(async (): Promise<Plan<number>> => {
    const found = await readProvider(store, given.uuid);
    if (found === undefined) throw new ProviderNotFound(given.uuid);
    const { generation } = found.state;
    const counted = given.generation !== undefined;
    if (counted && given.generation !== generation) throw new StaleProviderGeneration();
    const own =
      given.aggregates.length === 0
        ? remove(profile.aggregates)
        : set(profile.aggregates, aggregatesAttribute(given.aggregates));
    return {
      writes: profileWrites(found, {
        changes: [own],
        now: store.clock.now(),
        ...(counted ? { hot: raising(generation, given.generation) } : {}),
      }),
      result: counted ? generation + 1 : generation,
    };
  });
}
