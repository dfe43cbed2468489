/** Custom traits, and which traits providers have. */

import { TraitInUse, TraitNotFound } from "../../model/refusals/traits.ts";
import type { TraitId } from "../../model/standard-traits.ts";
import type { CustomName } from "../items/custom-name.ts";
import { PROFILE, profileOf } from "../items/profile.ts";
import { SHARDS, shardPk } from "../items/shard.ts";
import type { Planner, Store } from "../store.ts";
import type { Reader } from "../table/reader.ts";
import { creationIfAbsent, deletion, type Ensured, readCustom } from "./custom-names.ts";

export async function readTrait(store: Store, name: string): Promise<CustomName | undefined> {
  return readCustom(store, "TRAITS", name);
}

export function traitCreationIfAbsent(store: Store, name: string): Planner<Ensured> {
  return creationIfAbsent(store, "TRAITS", name);
}

/** @throws TraitNotFound, TraitInUse */
export function traitDeletion(store: Store, name: string): Planner<void> {
  return async () => {
    const known = await readTrait(store, name);
    if (known === undefined) throw new TraitNotFound(name);
    if (known.users > 0) throw new TraitInUse(name);
    return { writes: deletion("TRAITS", known), result: undefined };
  };
}

/** The traits that at least one provider has. */
export async function usedTraits(reader: Reader): Promise<ReadonlySet<TraitId>> {
  const shards = Array.from({ length: SHARDS }, (_, shard) =>
    reader.query(shardPk(shard), { prefix: PROFILE }),
  );
  const profiles = (await Promise.all(shards)).flat().map(profileOf);
  return new Set(profiles.flatMap(({ traits }) => traits));
}
