/** Heads: the items of format 1 that shard logs have replaced. No function reads them any more. */
import type { Key } from "../table/item.ts";
import { joined } from "./keys.ts";

export const HEADS = "HEADS";

/** Partition keys. */
export const OLD_HEADS: readonly string[] = [0, 1, 2, 3].map((partition) =>
  joined(HEADS, partition),
);

export const isOldHead = ({ pk }: Key): boolean => OLD_HEADS.includes(pk);
