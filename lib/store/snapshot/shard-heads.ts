/** Reading the heads of all shards. */
import { bytesToUuid, type Uuid } from "../../model/uuid.ts";
import { HEAD_PARTITIONS, headPk } from "../keys.ts";
import type { Store } from "../store.ts";

export interface ShardHead {
  readonly version: number;
  /** The version before the first provider that is named. */
  readonly base: number;
  /** Providers that have changed since `base`, the last one last. */
  readonly providers: readonly Uuid[];
}

/** The head of a shard in which nothing was ever changed: it is absent. */
export const NO_HEAD: ShardHead = { version: 0, base: 0, providers: [] };

/** By shard. */
export async function readShardHeads(store: Store): Promise<ReadonlyMap<number, ShardHead>> {
  const partitions = Array.from({ length: HEAD_PARTITIONS }, (_, n) => store.query(headPk(n)));
  const items = (await Promise.all(partitions)).flat();
  return new Map(
    items.map((item) => {
      const providers = (item["providers"] as Uint8Array[]).map(bytesToUuid);
      const version = item["version"] as number;
      return [Number(item.sk), { version, base: version - providers.length, providers }];
    }),
  );
}
