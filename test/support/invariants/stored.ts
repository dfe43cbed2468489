/** A whole table, sorted by what its items are. */
import type { Consumer } from "../../../lib/model/consumer.ts";
import type { ProviderProfile, ProviderState } from "../../../lib/model/provider.ts";
import type { Uuid } from "../../../lib/model/uuid.ts";
import { consumerOf } from "../../../lib/store/consumer-items.ts";
import type { Item } from "../../../lib/store/item.ts";
import { type CustomName, customNameOf } from "../../../lib/store/names.ts";
import { profileOf, stateOf, type Tree, treeOf } from "../../../lib/store/provider-items.ts";

export interface Stored {
  readonly items: ReadonlyMap<string, Item>;
  readonly states: ReadonlyMap<Uuid, ProviderState>;
  readonly profiles: ReadonlyMap<Uuid, ProviderProfile>;
  readonly consumers: ReadonlyMap<Uuid, Consumer>;
  readonly trees: ReadonlyMap<Uuid, Tree>;
  readonly classes: readonly CustomName[];
  /** Items whose partition key begins so, before the first `#`. */
  ofKind(kind: string): readonly Item[];
}

export const textOf = ({ pk, sk }: { readonly pk: string; readonly sk: string }) => `${pk} ${sk}`;

export function readStored(items: readonly Item[]): Stored {
  const byKind = new Map<string, Item[]>();
  for (const item of items) {
    const kind = item.pk.split("#", 1)[0] ?? item.pk;
    byKind.set(kind, [...(byKind.get(kind) ?? []), item]);
  }
  const ofKind = (kind: string) => byKind.get(kind) ?? [];
  const shards = ofKind("SHARD");
  const states = shards.filter(({ sk }) => sk.startsWith("H#")).map(stateOf);
  const profiles = shards.filter(({ sk }) => sk.startsWith("P#")).map(profileOf);
  const consumers = ofKind("CONSUMER").map(consumerOf);
  const trees = ofKind("TREE").map((item) => treeOf(item.pk.slice("TREE#".length), item));
  return {
    items: new Map(items.map((item) => [textOf(item), item])),
    states: new Map(states.map((state) => [state.uuid, state])),
    profiles: new Map(profiles.map((profile) => [profile.uuid, profile])),
    consumers: new Map(consumers.map((consumer) => [consumer.uuid, consumer])),
    trees: new Map(trees.map((tree) => [tree.root, tree])),
    classes: ofKind("CLASSES").map(customNameOf),
    ofKind,
  };
}
