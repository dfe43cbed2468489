/**
 * The caches that the requests of one function share: format, names, providers and count of
 * commits.
 */
import { CommitCount } from "./commit-count.ts";
import { FormatCache } from "./format.ts";
import { NameCache } from "./names.ts";
import { SnapshotCache } from "./snapshot/cache.ts";
import { SnapshotGauge } from "./snapshot-gauge.ts";

export class Shared {
  readonly format = new FormatCache();
  readonly names = new NameCache();
  readonly snapshots: SnapshotCache;
  readonly commits = new CommitCount();
  readonly gauge = new SnapshotGauge();

  /** @param snapshotMaxAge milliseconds after which a shard is read in full, no matter what its log names */
  constructor(snapshotMaxAge: number) {
    this.snapshots = new SnapshotCache(snapshotMaxAge);
  }
}
