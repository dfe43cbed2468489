/** Custom traits, and which traits providers have. */
import { TraitInUse, TraitNotFound } from "../../model/refusals/traits.ts";
import type { TraitId } from "../../model/standard-traits.ts";
import type { CustomName } from "../cache/names.ts";
import { SHARDS } from "../items/format.ts";
import { PROFILE, shardPk } from "../items/keys.ts";
import { profileOf } from "../items/provider-items.ts";
import type { Planner, Store } from "../store.ts";
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
    return { writes: await deletion(store, "TRAITS", known), result: undefined };
  };
}

/** The traits that any provider has. */
export async function usedTraits(store: Store): Promise<ReadonlySet<TraitId>> {
  const shards = Array.from({ length: SHARDS }, (_, shard) =>
    store.query(shardPk(shard), { prefix: PROFILE }),
  );
  const profiles = (await Promise.all(shards)).flat().map(profileOf);
  return new Set(profiles.flatMap(({ traits }) => traits));
}
