/**
 * All that Placement's API shows of one service, by names: what an import copies, and what it
 * compares. Standard names are not content: every service of a release has the same.
 */
import type { Owner } from "../consumer.ts";
import type { Inventory } from "../inventory.ts";
import type { Uuid } from "../uuid.ts";

export interface ContentProvider {
  readonly uuid: Uuid;
  readonly name: string;
  readonly parent: Uuid | undefined;
  readonly generation: number;
  /** By class name. */
  readonly inventories: ReadonlyMap<string, Inventory>;
  readonly traits: ReadonlySet<string>;
  /** As they were written, each once. */
  readonly aggregates: readonly string[];
}

/** Amounts by class name, by provider. */
export type NamedAllocations = ReadonlyMap<Uuid, ReadonlyMap<string, number>>;

export interface ContentConsumer extends Owner {
  readonly uuid: Uuid;
  readonly generation: number;
  /** Not empty: Placement shows no consumer that holds nothing. */
  readonly allocations: NamedAllocations;
}

export interface Content {
  /** Custom ones. */
  readonly classes: ReadonlySet<string>;
  /** Custom ones. */
  readonly traits: ReadonlySet<string>;
  /** In the order of their creation. */
  readonly providers: ReadonlyMap<Uuid, ContentProvider>;
  readonly consumers: ReadonlyMap<Uuid, ContentConsumer>;
}

/** Parents before children, else in the order of creation. */
export function inTreeOrder(providers: Content["providers"]): ContentProvider[] {
  const ordered = new Set<ContentProvider>();
  for (const provider of providers.values()) {
    const path: ContentProvider[] = [];
    let next: ContentProvider | undefined = provider;
    // No path is longer than the list; a cycle, which no service shows, ends there.
    while (next !== undefined && !ordered.has(next) && path.length < providers.size) {
      path.push(next);
      next = next.parent === undefined ? undefined : providers.get(next.parent);
    }
    for (const each of path.reverse()) ordered.add(each);
  }
  return [...ordered];
}
