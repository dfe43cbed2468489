/** A head: its version is its base plus the length of its list, always. */
import { bytesToUuid } from "../../../model/uuid.ts";
import { MAX_HEAD_LENGTH } from "../../heads.ts";
import { headKey, shardOf } from "../../keys.ts";
import { type Finding, finding, isCount } from "../finding.ts";
import type { Rule } from "../rule.ts";
import { misplaced } from "./placed.ts";

export const headRule: Rule = {
  needs: () => ({}),
  check(item) {
    const shard = Number(item.sk);
    const { version, base } = item as { readonly version?: unknown; readonly base?: unknown };
    const providers = item["providers"] as readonly Uint8Array[];
    const found: Finding[] = misplaced(item, headKey(shard));
    if (!isCount(version) || !isCount(base) || version !== base + providers.length) {
      const what = `the head of shard ${shard} has version ${version}, base ${base} and ${providers.length} names`;
      found.push(finding("head", what, item));
    }
    if (providers.length > MAX_HEAD_LENGTH) {
      found.push(finding("head", `the head of shard ${shard} has ${providers.length} names`, item));
    }
    if (providers.some((provider) => shardOf(bytesToUuid(provider)) !== shard)) {
      found.push(finding("head", `the head of shard ${shard} names one of another shard`, item));
    }
    return found;
  },
};
