/** Changing a provider's aggregates. */

import type { WrittenAggregates } from "../../model/aggregates.ts";
import { profileChanged } from "../../model/history/provider-change.ts";
import type { Provider } from "../../model/provider.ts";
import { ProviderNotFound, StaleProviderGeneration } from "../../model/refusals/providers.ts";
import type { Uuid } from "../../model/uuid.ts";
import { makeRecentProviders } from "../cache/recent.ts";
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

export interface AggregatesReplaced {
  readonly generation: number;
  /** Milliseconds since 1970. */
  readonly updated: number;
}

/**
 * Replaces a provider's aggregates.
 * @returns a planner whose result is the provider's generation after the change, and its time
 * @throws ProviderNotFound, StaleProviderGeneration
 */
export function aggregatesReplacement(
  store: Store,
  given: NewAggregates,
): Planner<AggregatesReplaced> {
  return async () => {
    const found = await beforehand(store, given);
    if (found === undefined) throw new ProviderNotFound(given.uuid);
    const { generation } = found.state;
    const counted = given.generation !== undefined;
    if (counted && given.generation !== generation) throw new StaleProviderGeneration();
    const after = counted ? generation + 1 : generation;
    const uuids = [...given.aggregates.keys()];
    const spellings = spellingsAttribute([...given.aggregates.values()]);
    const version = nextVersion(store.random, found.profile.version);
    const now = store.clock.now();
    const replaced = { generation: after, updated: now };
    const provider = withAggregates(found, given, { ...replaced, version });
    return {
      writes: profileWrites(found, {
        changes: [
          uuids.length === 0
            ? remove(profile.aggregates)
            : set(profile.aggregates, aggregatesAttribute(uuids)),
          spellings.length === 0 ? remove(profile.spellings) : set(profile.spellings, spellings),
        ],
        version,
        now,
        ...(counted ? { hot: raising(generation, given.generation) } : {}),
      }),
      result: replaced,
      committed: () => {
        store.shared(makeRecentProviders).written(given.uuid, provider);
        return replaced;
      },
      changed: [profileChanged("aggregates", found, provider)],
    };
  };
}

/**
 * A known one only where the conditions of the change compare all that it is used for, the
 * generation among it: a refusal is told of what was read alone.
 */
async function beforehand(store: Store, { uuid, generation }: NewAggregates) {
  const known = store.shared(makeRecentProviders).take(uuid);
  const fits = generation !== undefined && known?.state.generation === generation;
  return fits ? known : readProvider(store, uuid);
}

function withAggregates(
  { state, profile: known }: Provider,
  { aggregates: written }: NewAggregates,
  { generation, version, updated }: AggregatesReplaced & { readonly version: number },
): Provider {
  const aggregates = [...written.keys()];
  const writtenAggregates = [...written.values()];
  return {
    state: { ...state, generation, profileVersion: version, updated },
    profile: { ...known, aggregates, writtenAggregates, version, updated },
  };
}
