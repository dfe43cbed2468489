/** All providers that were read, as trees with sums. */
import type { Provider } from "./provider.ts";
import { type Sums, sumsOf, type Tightness, tightestOf } from "./sums.ts";

export interface Tree {
  /** Of the root. */
  readonly uuid: string;
  readonly name: string;
  readonly providers: readonly Provider[];
  readonly sums: Sums;
  readonly tightest: Tightness | undefined;
}

export class Fleet {
  readonly #providers = new Map<string, Provider>();
  /** Uuids of the providers of each tree, by its root. */
  readonly #members = new Map<string, Set<string>>();
  /** Made when they are asked for, and again after a change of one of their providers. */
  readonly #trees = new Map<string, Tree>();

  get size(): number {
    return this.#providers.size;
  }

  get(uuid: string): Provider | undefined {
    return this.#providers.get(uuid);
  }

  providers(): Iterable<Provider> {
    return this.#providers.values();
  }

  put(providers: Iterable<Provider>): void {
    for (const provider of providers) {
      const before = this.#providers.get(provider.uuid);
      if (before !== undefined && before.root !== provider.root) this.remove(before.uuid);
      this.#providers.set(provider.uuid, provider);
      this.#trees.delete(provider.root);
      const members = this.#members.get(provider.root);
      if (members === undefined) this.#members.set(provider.root, new Set([provider.uuid]));
      else members.add(provider.uuid);
    }
  }

  remove(uuid: string): void {
    const provider = this.#providers.get(uuid);
    if (provider === undefined) return;
    this.#providers.delete(uuid);
    this.#trees.delete(provider.root);
    const members = this.#members.get(provider.root);
    members?.delete(uuid);
    if (members?.size === 0) this.#members.delete(provider.root);
  }

  clear(): void {
    for (const map of [this.#providers, this.#members, this.#trees]) map.clear();
  }

  /** Of the root; undefined: no provider of it is known. */
  tree(root: string): Tree | undefined {
    const kept = this.#trees.get(root);
    if (kept !== undefined) return kept;
    const members = this.#members.get(root);
    if (members === undefined) return undefined;
    const tree = treeOf(root, this.#all(members));
    this.#trees.set(root, tree);
    return tree;
  }

  /** Those whose root is known, in the order in which their roots were read. */
  trees(): Tree[] {
    const trees: Tree[] = [];
    for (const root of this.#members.keys()) {
      const tree = this.#providers.has(root) ? this.tree(root) : undefined;
      if (tree !== undefined) trees.push(tree);
    }
    return trees;
  }

  #all(uuids: Iterable<string>): Provider[] {
    return [...uuids].flatMap((uuid) => this.#providers.get(uuid) ?? []);
  }
}

function treeOf(root: string, providers: readonly Provider[]): Tree {
  const sums = sumsOf(providers);
  const name = providers.find(({ uuid }) => uuid === root)?.name ?? root;
  return { uuid: root, name, providers, sums, tightest: tightestOf(sums) };
}
