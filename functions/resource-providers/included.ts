/** What a list of providers includes of each: the documents of the reads of one provider. */
import { type Minor, minor } from "../../lib/model/microversion.ts";
import type { Provider } from "../../lib/model/provider.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import type { NameDirectory } from "../../lib/store/cache/names.ts";
import type { HeldAllocation } from "../../lib/store/items/holder.ts";
import type { Store } from "../../lib/store/store.ts";
import { providerAggregatesDocument } from "../aggregates/document.ts";
import { holdersDocument, idsOf } from "../allocations/document.ts";
import { inventoriesDocument } from "../inventories/document.ts";
import { traitsDocument } from "../provider-traits/document.ts";
import { providerUsagesDocument } from "../usages/document.ts";
import type { Include } from "./include.ts";

/** What is shown, and what of it. */
export interface Shown {
  readonly providers: readonly Provider[];
  /** By provider; those that are absent have no consumers. */
  readonly holders: ReadonlyMap<Uuid, readonly HeldAllocation[]>;
  readonly includes: ReadonlySet<Include>;
}

export interface Directories {
  readonly classes: NameDirectory;
  readonly traits: NameDirectory;
}

/** The names of all that is included. */
export async function directoriesOf(store: Store, shown: Shown): Promise<Directories> {
  const { providers, holders, includes } = shown;
  const classes = new Set<number>();
  const traits = new Set<number>();
  const counted = includes.has("inventories") || includes.has("usages");
  for (const { state, profile } of providers) {
    if (counted) for (const id of state.inventories.keys()) classes.add(id);
    if (includes.has("traits")) for (const id of profile.traits) traits.add(id);
  }
  for (const held of holders.values()) for (const id of idsOf(held)) classes.add(id);
  return {
    classes: await store.classes({ ids: classes }),
    traits: await store.traits({ ids: traits }),
  };
}

export function includedDocument(
  provider: Provider,
  { holders, includes }: Shown,
  { classes, traits }: Directories,
  version: Minor,
) {
  const { state } = provider;
  const documents = {
    inventories: () => inventoriesDocument(state, classes),
    usages: () => providerUsagesDocument(state, classes),
    aggregates: () => providerAggregatesDocument(provider, version),
    traits: () => traitsDocument(provider, traits),
    allocations: () => {
      const held = { holders: holders.get(state.uuid) ?? [], state, directory: classes };
      return holdersDocument(held, version);
    },
  };
  return Object.fromEntries([...includes].map((name) => [name, documents[name]()]));
}

/** Characters of the shortest entries of what is included. */
const PROVIDER =
  '{"uuid":"","name":"","generation":0,"links":[{"rel":"self","href":""}]},'.length + 36;
const INVENTORY =
  '"A":{"total":1,"reserved":0,"min_unit":1,"max_unit":1,"step_size":1,"allocation_ratio":1},'
    .length;
const AMOUNT = '"A":1,'.length;
const UUID = '"",'.length + 36;
const HOLDER = '"":{"resources":{"A":1}},'.length + 36;

/** The least length of an answer, computed before anything of it is built. */
export function leastLength(
  { providers, holders, includes }: Shown,
  { traits }: Directories,
  version: Minor,
): number {
  let length = 0;
  for (const { state, profile } of providers) {
    length += PROVIDER;
    if (includes.has("inventories")) length += state.inventories.size * INVENTORY;
    if (includes.has("usages")) length += state.inventories.size * AMOUNT;
    if (includes.has("aggregates")) length += profile.aggregates.length * UUID;
    if (version < minor("1.6") || !includes.has("traits")) continue;
    for (const id of profile.traits) length += (traits.nameOf(id)?.length ?? 0) + '"",'.length;
  }
  for (const held of holders.values()) length += held.length * HOLDER;
  return length;
}
