/**
 * Pages of profiles: each copy is the profile of that version. A copy of another version, or
 * of a provider that is gone, is only stale, and no function uses it.
 */
import { isDeepStrictEqual } from "node:util";
import type { ProviderProfile } from "../../../../model/provider.ts";
import { read } from "../../../items/attributes.ts";
import { isProfile, profile, profileKey, profileOf } from "../../../items/profile.ts";
import {
  MAX_PAGES,
  numberOfPage,
  profilePageKey,
  profilePageOf,
  shardOfPage,
} from "../../../items/profile-page.ts";
import { SHARDS, shardOf, shardPk } from "../../../items/shard.ts";
import { isCount } from "../../../items/versions.ts";
import { type Item, keyText } from "../../../table/item.ts";
import { finding } from "../finding.ts";
import type { Rule } from "../rule.ts";

/** Providers that a finding names in words. */
const MAX_NAMED = 10;

export const profilePageRule: Rule = {
  needs(item) {
    const shard = shardOfPage(item);
    return shard === undefined ? {} : { partitions: [shardPk(shard)] };
  },
  check(item, near) {
    const shard = shardOfPage(item);
    // Of another format: functions of this release do not read it.
    if (shard === undefined) return [];
    const where = `${item.pk} ${item.sk}`;
    const page = numberOfPage(item);
    const isPlaced = keyText(item) === keyText(profilePageKey(shard, page));
    const known = profilePageOf(item);
    if (!isPlaced || !isCount(page) || page >= MAX_PAGES || shard >= SHARDS || !known) {
      return [finding("profile-page", `${where} is no page of profiles`, item)];
    }
    const stored = near.under(shardPk(shard)).filter(isProfile);
    const profiles = new Map(stored.map((each) => [keyText(each), each]));
    const wrong = known.profiles.filter((copy) => isWrong(copy, shard, profiles));
    if (wrong.length === 0) return [];
    const names = wrong.map(({ uuid, version }) => `${uuid} of version ${version}`);
    const what = `${where} has wrong copies of profiles: ${names.slice(0, MAX_NAMED).join(", ")}`;
    return [finding("profile-page", what, item, ...wrong.map(({ uuid }) => profileKey(uuid)))];
  },
};

function isWrong(
  copy: ProviderProfile,
  shard: number,
  profiles: ReadonlyMap<string, Item>,
): boolean {
  if (shardOf(copy.uuid) !== shard) return true;
  const item = profiles.get(keyText(profileKey(copy.uuid)));
  if (item === undefined || read(item, profile.version) !== copy.version) return false;
  return !isDeepStrictEqual(decoded(item), copy);
}

/** Undefined: a finding of its own. */
function decoded(item: Item): ProviderProfile | undefined {
  try {
    return profileOf(item);
  } catch {
    return undefined;
  }
}
