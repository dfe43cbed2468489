/** What the requests of one function share: the table's format, the names and the providers. */
import { FormatCache } from "./format.ts";
import { NameCache } from "./names.ts";
import { SnapshotCache } from "./snapshot/cache.ts";

export class Shared {
  readonly format = new FormatCache();
  readonly names = new NameCache();
  readonly snapshots: SnapshotCache;
  /** Large changes that were committed, as last seen. */
  committed: number | undefined;

  /** @param snapshotMaxAge milliseconds after which a shard is read in full, whatever its head says */
  constructor(snapshotMaxAge: number) {
    this.snapshots = new SnapshotCache(snapshotMaxAge);
  }
}
