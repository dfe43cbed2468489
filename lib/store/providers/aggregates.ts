/** Changing a provider's aggregates. */

import type { WrittenAggregates } from "../../model/aggregates.ts";
import { profileChanged } from "../../model/history/provider-change.ts";
import type { Provider } from "../../model/provider.ts";
import { ProviderNotFound, StaleProviderGeneration } from "../../model/refusals/providers.ts";
import type { Uuid } from "../../model/uuid.ts";
import { aggregatesAttribute, spellingsAttribute } from "../items/aggregates.ts";
import { profile } from "../items/profile.ts";
import { nextVersion } from "../items/versions.ts";
import type { Planner, Store } from "../store.ts";
import { remove, set } from "../table/expressions.ts";
import { profileWrites } from "./profile-writes.ts";
import { readProvider } from "./read.ts";
import { raising } from "./traits.ts";

export interface NewAggregates {
  readonly uuid: Uuid;
  readonly aggregates: WrittenAggregates;
  /** The client's, from 1.19; below, the generation is neither compared nor raised. */
  readonly generation: number | undefined;
}

/**
 * Replaces a provider's aggregates.
 * @returns a planner whose result is the provider's generation after the change
 * @throws ProviderNotFound, StaleProviderGeneration
 */
export function aggregatesReplacement(store: Store, given: NewAggregates): Planner<number> {
  return async () => {
    const found = await readProvider(store, given.uuid);
    if (found === undefined) throw new ProviderNotFound(given.uuid);
    const { generation } = found.state;
    const counted = given.generation !== undefined;
    if (counted && given.generation !== generation) throw new StaleProviderGeneration();
    const after = counted ? generation + 1 : generation;
    const uuids = [...given.aggregates.keys()];
    const spellings = spellingsAttribute([...given.aggregates.values()]);
    return {
      writes: profileWrites(found, {
        changes: [
          uuids.length === 0
            ? remove(profile.aggregates)
            : set(profile.aggregates, aggregatesAttribute(uuids)),
          spellings.length === 0 ? remove(profile.spellings) : set(profile.spellings, spellings),
        ],
        version: nextVersion(store.random, found.profile.version),
        now: store.clock.now(),
        ...(counted ? { hot: raising(generation, given.generation) } : {}),
      }),
      result: after,
      changed: [profileChanged("aggregates", found, withAggregates(found, given, after))],
    };
  };
}

function withAggregates(
  { state, profile: known }: Provider,
  { aggregates: written }: NewAggregates,
  generation: number,
): Provider {
  const aggregates = [...written.keys()];
  const writtenAggregates = [...written.values()];
  return {
    state: { ...state, generation },
    profile: { ...known, aggregates, writtenAggregates },
  };
}
