/** Changing a provider's traits. */

import { profileChanged } from "../../model/history/provider-change.ts";
import type { Provider, ProviderProfile } from "../../model/provider.ts";
import { ProviderNotFound, StaleProviderGeneration } from "../../model/refusals/providers.ts";
import type { TraitId } from "../../model/standard-traits.ts";
import type { Uuid } from "../../model/uuid.ts";
import type { NameDirectory } from "../cache/names.ts";
import { RANK, refuse, replan } from "../changes/guarded-write.ts";
import { hot, hotKey, stateOf } from "../items/hot.ts";
import { encodeIds } from "../items/id-set.ts";
import { profile } from "../items/profile.ts";
import { nextVersion } from "../items/versions.ts";
import { customUses } from "../names/custom-uses.ts";
import type { Planner, Store } from "../store.ts";
import { add, equals, remove, set } from "../table/expressions.ts";
import { profileWrites } from "./profile-writes.ts";
import { readProvider } from "./read.ts";

export interface NewTraits {
  readonly uuid: Uuid;
  /** The client's; undefined: not compared. */
  readonly generation: number | undefined;
  /** Names of the wanted traits: they are looked up again with every plan. */
  readonly names: readonly string[];
  /** @throws UnknownTraits */
  decide(directory: NameDirectory): readonly TraitId[];
}

export interface WithTraits {
  /** The provider after the change. */
  readonly provider: Provider;
  /** Contains all of its traits. */
  readonly directory: NameDirectory;
}

/**
 * Replaces a provider's traits. Its generation rises only if they change.
 * @throws ProviderNotFound, StaleProviderGeneration, and what `decide` throws, in this order
 */
export function traitsReplacement(store: Store, given: NewTraits): Planner<WithTraits> {
  return async () => {
    const found = await readProvider(store, given.uuid);
    if (found === undefined) throw new ProviderNotFound(given.uuid);
    const { generation } = found.state;
    if (given.generation !== undefined && given.generation !== generation) {
      throw new StaleProviderGeneration();
    }
    const { names } = given;
    const directory = await store.traits({ names, ids: found.profile.traits });
    const traits = [...new Set(given.decide(directory))].sort((a, b) => a - b);
    const before = new Set(found.profile.traits);
    const after = new Set(traits);
    const gained = traits.filter((id) => !before.has(id));
    const lost = found.profile.traits.filter((id) => !after.has(id));
    if (gained.length === 0 && lost.length === 0) {
      const fulfilled = [hotKey(given.uuid)];
      return { writes: [], fulfilled, result: { provider: found, directory } };
    }
    const now = store.clock.now();
    const version = nextVersion(store.random, found.profile.version);
    const own =
      traits.length === 0 ? remove(profile.traits) : set(profile.traits, encodeIds(traits));
    const provider = raised(found, { traits, version, now });
    return {
      writes: [
        ...profileWrites(found, {
          changes: [own],
          version,
          now,
          hot: raising(generation, given.generation),
        }),
        ...customUses(directory, gained, 1),
        ...customUses(directory, lost, -1),
      ],
      result: { provider, directory },
      changed: [profileChanged("traits", found, provider)],
    };
  };
}

/** The part of the hot item's write that raises the generation. */
export function raising(read: number, client: number | undefined) {
  return {
    changes: [add(hot.generation, 1)],
    when: [equals(hot.generation, read)],
    verdict: (old: Parameters<typeof stateOf>[0] | undefined) => {
      if (client === undefined || old === undefined) return replan;
      if (stateOf(old).generation === client) return replan;
      return refuse(new StaleProviderGeneration(), RANK.generation);
    },
  };
}

function raised(
  { state, profile: known }: Provider,
  { traits, version, now }: Pick<ProviderProfile, "traits" | "version"> & { now: number },
): Provider {
  return {
    state: {
      ...state,
      generation: state.generation + 1,
      revision: state.revision + 1,
      profileVersion: version,
      updated: now,
    },
    profile: { ...known, traits, version, updated: now },
  };
}
