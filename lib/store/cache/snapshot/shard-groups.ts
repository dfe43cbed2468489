/** Finds providers of a view by what they share, without a look at all of them. */
import type { Provider } from "../../../model/provider.ts";
import type { ShardView, View } from "./view.ts";

type Groups = ReadonlyMap<string, readonly Provider[]>;

export class ShardGroups {
  readonly #keyOf: (provider: Provider) => string;
  /** By the providers of a shard, which are another object once one has changed. */
  readonly #made = new WeakMap<ShardView["providers"], Groups>();

  /** @param keyOf what the providers of a group share */
  constructor(keyOf: (provider: Provider) => string) {
    this.#keyOf = keyOf;
  }

  /** Groups anew what has changed since the last call. */
  find(view: View, key: string): Provider[] {
    return view.shards.flatMap((shard) =>
      shard === undefined ? [] : (this.#groups(shard).get(key) ?? []),
    );
  }

  #groups({ providers }: ShardView): Groups {
    const made = this.#made.get(providers);
    if (made !== undefined) return made;
    const groups = this.#grouped(providers.values());
    this.#made.set(providers, groups);
    return groups;
  }

  #grouped(providers: Iterable<Provider>): Groups {
    const groups = new Map<string, Provider[]>();
    for (const provider of providers) {
      const key = this.#keyOf(provider);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [provider]);
      else group.push(provider);
    }
    return groups;
  }
}
