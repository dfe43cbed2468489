/** A head's version is its base plus the length of its list, always. */
import { bytesToUuid } from "../../../lib/model/uuid.ts";
import { MAX_HEAD_LENGTH } from "../../../lib/store/heads.ts";
import type { Item } from "../../../lib/store/item.ts";
import { headKey, shardOf } from "../../../lib/store/keys.ts";
import { type Stored, textOf } from "./stored.ts";

export function brokenHeads({ ofKind }: Stored): string[] {
  return ofKind("HEADS").flatMap(brokenHead);
}

function brokenHead(head: Item): string[] {
  const key = textOf(head);
  const shard = Number(head.sk);
  const version = Number(head["version"]);
  const base = Number(head["base"]);
  const providers = head["providers"] as readonly Uint8Array[];
  const broken: string[] = [];
  if (key !== textOf(headKey(shard))) broken.push(`head ${key} stands in the wrong partition`);
  if (version !== base + providers.length) {
    broken.push(`head ${key} has version ${version}, base ${base} and ${providers.length} names`);
  }
  if (providers.length > MAX_HEAD_LENGTH) broken.push(`head ${key} names ${providers.length}`);
  if (providers.some((provider) => shardOf(bytesToUuid(provider)) !== shard)) {
    broken.push(`head ${key} names a provider of another shard`);
  }
  return broken;
}
