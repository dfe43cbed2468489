/**
 * All providers after one refresh. A view is immutable: it may be read while the next refresh
 * runs.
 */
import { byCreation, type Provider } from "../../../model/provider.ts";
import { buildSnapshot, updateSnapshot } from "../../../model/snapshot/build.ts";
import type { Snapshot } from "../../../model/snapshot/snapshot.ts";
import type { Uuid } from "../../../model/uuid.ts";
import { SHARDS } from "../../items/shard.ts";

/** The cached content of one shard. */
export interface ShardView {
  /** The version of the shard's log, read before anything else of the shard. */
  readonly version: number;
  /** Milliseconds since 1970: when its last full read began. */
  readonly fullAt: number;
  /** Providers that a pending large change may still alter: they are read again. */
  readonly pending: ReadonlySet<Uuid>;
  /** In the order of their uuids. */
  readonly providers: ReadonlyMap<Uuid, Provider>;
}

/** Providers that have changed; undefined: deleted. */
export type ProviderChanges = ReadonlyMap<Uuid, Provider | undefined>;

/** The result of a refresh. */
interface Refreshed {
  readonly sequence: number;
  readonly shards: readonly ShardView[];
  readonly commits: number | undefined;
  readonly changes: ProviderChanges;
}

export class View {
  /** Undefined: not yet read. */
  readonly shards: readonly (ShardView | undefined)[];
  /** Rises with every refresh that begins. */
  readonly sequence: number;
  /** The number of committed large changes after all of it was read, if it is known. */
  readonly commits: number | undefined;
  #snapshot: Snapshot | undefined;
  #inOrder: readonly Provider[] | undefined;

  private constructor(
    { shards, sequence, commits }: Pick<View, "shards" | "sequence" | "commits">,
    snapshot: Snapshot | undefined,
  ) {
    this.shards = shards;
    this.sequence = sequence;
    this.commits = commits;
    this.#snapshot = snapshot;
  }

  /** A view of which nothing is read yet. */
  static empty(): View {
    const shards = new Array<undefined>(SHARDS).fill(undefined);
    return new View({ shards, sequence: 0, commits: undefined }, undefined);
  }

  /** The view after a refresh; updates the snapshot if one was made. */
  next({ changes, ...next }: Refreshed): View {
    const view = new View(next, this.#snapshot && updated(this.#snapshot, changes));
    view.#inOrder = this.#inOrder && sameOrder(this.#inOrder, changes);
    return view;
  }

  find(shard: number, provider: Uuid): Provider | undefined {
    return this.shards[shard]?.providers.get(provider);
  }

  /** In the order of their shards, and of their uuids within a shard. */
  providers(): Provider[] {
    return this.shards.flatMap((shard) =>
      shard === undefined ? [] : [...shard.providers.values()],
    );
  }

  /** In the order of their creation: sorted at the first call after one came or went. */
  inOrder(): readonly Provider[] {
    this.#inOrder ??= this.providers().sort(byCreation);
    return this.#inOrder;
  }

  /** The snapshot for candidate searches: made at the first call. */
  snapshot(): Snapshot {
    this.#snapshot ??= buildSnapshot(this.providers());
    return this.#snapshot;
  }
}

function updated(snapshot: Snapshot, changes: ProviderChanges): Snapshot {
  if (changes.size === 0) return snapshot;
  const changed: Provider[] = [];
  const removed: Uuid[] = [];
  for (const [uuid, provider] of changes) {
    if (provider === undefined) removed.push(uuid);
    else changed.push(provider);
  }
  return updateSnapshot(snapshot, changed, removed);
}

/** The changed providers in the places that they had; undefined if one came or went. */
function sameOrder(
  before: readonly Provider[],
  changes: ProviderChanges,
): readonly Provider[] | undefined {
  if (changes.size === 0) return before;
  const after = before.slice();
  for (const [uuid, provider] of changes) {
    if (provider === undefined) return undefined;
    const place = placeOf(provider, after);
    if (after[place]?.state.uuid !== uuid) return undefined;
    after[place] = provider;
  }
  return after;
}

/** Where a provider is, or would be. */
function placeOf(provider: Provider, sorted: readonly Provider[]): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = sorted[middle];
    if (other !== undefined && byCreation(other, provider) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
