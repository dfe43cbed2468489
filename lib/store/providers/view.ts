/**
 * All providers, as a function keeps them between requests. Only functions that import this
 * file contain the code of snapshots.
 */
import type { Provider } from "../../model/provider.ts";
import { updateSnapshot } from "../../model/snapshot/build.ts";
import type { Snapshot } from "../../model/snapshot/snapshot.ts";
import type { Uuid } from "../../model/uuid.ts";
import type { Shareable } from "../cache/shared.ts";
import { SnapshotCache } from "../cache/snapshot/cache.ts";
import type { View } from "../cache/snapshot/view.ts";
import { SnapshotGauge } from "../cache/snapshot-gauge.ts";
import { shardOf } from "../items/shard.ts";
import type { Store } from "../store.ts";
import { readStates } from "./read.ts";

const providerCache: Shareable<SnapshotCache> = ({ snapshotMaxAge }) =>
  new SnapshotCache(snapshotMaxAge);

const snapshotGauge: Shareable<SnapshotGauge> = () => new SnapshotGauge();

/**
 * All providers as they are now, never half of a large change. Reads only what has changed
 * since the function's last read.
 * @throws Busy
 */
export async function viewOf(store: Store): Promise<View> {
  const cache = store.shared(providerCache);
  const view = await store.list(
    (reader, logged) => cache.fresh(reader, logged),
    (each) => each.commits,
  );
  store.shared(snapshotGauge).read(view, store.meter, store.clock.now());
  return view;
}

/**
 * The same, if this costs little: it never makes a function read all providers.
 * @returns undefined where a request reads less by keys
 * @throws Busy
 */
export async function warmViewOf(store: Store): Promise<View | undefined> {
  const isWarm = store.shared(providerCache).isWarm(store.clock.now());
  return isWarm ? viewOf(store) : undefined;
}

/**
 * All providers as the function last read them: a write that is made from it has to compare what
 * it relies on.
 * @param age milliseconds since that reading, at most
 */
export function viewLately(store: Store, age: number): View | undefined {
  return store.shared(providerCache).lately(store.clock.now(), age);
}

/** A write that was made from `viewLately` was refused: it gives nothing before the next reading. */
export function distrustView(store: Store): void {
  store.shared(providerCache).distrust();
}

/**
 * All providers as they are now, as a snapshot for candidate searches.
 * @throws Busy
 */
export async function snapshotOf(store: Store): Promise<Snapshot> {
  return (await viewOf(store)).snapshot();
}

/**
 * The same, with `doubtful` providers as they are stored now: the writer of a change that was
 * seen may not have appended it to the shard logs yet. Takes those out of `doubtful` that the
 * cached view shows in the same state.
 * @throws Busy
 */
export async function snapshotWith(store: Store, doubtful: Set<Uuid>): Promise<Snapshot> {
  const uuids = [...doubtful];
  const [view, states] = await Promise.all([viewOf(store), readStates(store, uuids)]);
  const changed: Provider[] = [];
  const removed: Uuid[] = [];
  for (const [index, uuid] of uuids.entries()) {
    const state = states[index];
    const seen = view.find(shardOf(uuid), uuid);
    if (state?.revision === seen?.state.revision) doubtful.delete(uuid);
    else if (state === undefined) removed.push(uuid);
    else if (seen !== undefined) changed.push({ state, profile: seen.profile });
  }
  const snapshot = view.snapshot();
  if (changed.length + removed.length === 0) return snapshot;
  return updateSnapshot(snapshot, changed, removed);
}
