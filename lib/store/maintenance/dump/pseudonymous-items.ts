/**
 * Items under pseudonyms. Each keeps only the attributes that its kind declares: another
 * release may have written names into others.
 */
import type { Consumer } from "../../../model/consumer.ts";
import type { ProviderProfile } from "../../../model/provider.ts";
import { type Attribute, only } from "../../items/attributes.ts";
import { keysOf, withKeys } from "../../items/change-page.ts";
import { changeRecord } from "../../items/change-record.ts";
import { consumerItem, consumerOf, isRebuilt } from "../../items/consumer.ts";
import { customName } from "../../items/custom-name.ts";
import { holder } from "../../items/holder.ts";
import { hot } from "../../items/hot.ts";
import { type Kind, kindOf } from "../../items/kinds.ts";
import { allNames } from "../../items/names.ts";
import { profileItem, profileOf } from "../../items/profile.ts";
import { ownedBy, projectConsumerOf } from "../../items/project-consumer.ts";
import { nameItem, providerOfName } from "../../items/provider-name.ts";
import { formatAttributes } from "../../items/table-format.ts";
import { treeItem, treeOf } from "../../items/tree.ts";
import { intentOf, withIntent, withoutIntent } from "../../items/write-intent.ts";
import type { Item, Key } from "../../table/item.ts";
import { pseudonymousKey } from "./pseudonymous-keys.ts";
import type { Pseudonyms } from "./pseudonyms.ts";

/** @param key the key under pseudonyms */
type ItemOf = (item: Item, names: Pseudonyms, key: Key) => Item;

/** The item has no ids but in its key. */
const keeping =
  (attributes: Readonly<Record<string, unknown>>): ItemOf =>
  (item, _, key) => ({ ...key, ...only(item, declared(attributes)) });

function declared(attributes: Readonly<Record<string, unknown>>): Attribute<unknown>[] {
  return Object.values(attributes).filter(
    (each): each is Attribute<unknown> => Array.isArray(each) && each.length === 1,
  );
}

const ITEMS: Readonly<Record<Kind, ItemOf>> = {
  hot: keeping(hot),
  profile: (item, names) => profileItem(profileUnder(profileOf(item), names)),
  tree: (item, names) => {
    const { root, version, parents } = treeOf(item);
    const renamed = [...parents].map(
      ([child, parent]) => [names.uuid(child), parent && names.uuid(parent)] as const,
    );
    return treeItem({ root: names.uuid(root), version, parents: new Map(renamed) });
  },
  "provider-name": (item, names, key) => ({
    ...nameItem("", names.uuid(providerOfName(item))),
    ...key,
  }),
  consumer: (item, names) =>
    consumerItem(consumerUnder(consumerOf(item), names), isRebuilt(item) || undefined),
  holder: keeping(holder),
  "project-consumer": (item, names, key) =>
    ownedBy(key, names.user(projectConsumerOf(item).user), item),
  "idle-consumer": keeping({}),
  "leased-consumer": keeping({}),
  "custom-name": keeping(customName),
  names: keeping(allNames),
  // These are left out: they have no key.
  "shard-log": keeping({}),
  "old-head": keeping({}),
  "profile-page": keeping({}),
  "idempotency-record": keeping({}),
  event: keeping({}),
  "feed-counter": keeping({}),
  "feed-entry": keeping({}),
  "pending-events": keeping({}),
  attempt: keeping({}),
  // Its attributes are ids of changes, which tell nothing.
  "commit-index": (item) => ({ ...item }),
  "change-record": keeping(changeRecord),
  "change-page": (item, names, key) =>
    withKeys(
      key,
      keysOf(item).flatMap((each) => pseudonymousKey(each, names) ?? []),
    ),
  meta: keeping(formatAttributes),
};

function profileUnder(profile: ProviderProfile, names: Pseudonyms): ProviderProfile {
  const { uuid, name, parent, root, aggregates, writtenAggregates } = profile;
  return {
    ...profile,
    uuid: names.uuid(uuid),
    name: names.provider(name),
    parent: parent && names.uuid(parent),
    root: names.uuid(root),
    aggregates: aggregates.map((each) => names.uuid(each)),
    ...(writtenAggregates && {
      writtenAggregates: writtenAggregates.map((each) => names.spelling(each)),
    }),
  };
}

function consumerUnder(consumer: Consumer, names: Pseudonyms): Consumer {
  const { uuid, project, user, allocations } = consumer;
  const renamed = [...allocations].map(([each, amounts]) => [names.uuid(each), amounts] as const);
  return {
    ...consumer,
    uuid: names.uuid(uuid),
    project: names.project(project),
    user: names.user(user),
    allocations: new Map(renamed),
  };
}

/**
 * The item under pseudonyms, with its write intent.
 * @returns undefined for an item that is left out, which functions make again
 * @throws any error for an item that is damaged or of a kind that this release does not know
 */
export function pseudonymousItem(item: Item, names: Pseudonyms): Item | undefined {
  const kind = kindOf(item);
  if (kind === undefined) throw new Error("an item of an unknown kind");
  const key = pseudonymousKey(item, names);
  if (key === undefined) return undefined;
  const intent = intentOf(item);
  const plain = withoutIntent(item);
  const renamed = intent?.placeholder ? { ...key } : ITEMS[kind](plain, names, key);
  if (intent === undefined) return renamed;
  const after = intent.after && pseudonymousItem(intent.after, names);
  return withIntent(renamed, { ...intent, after });
}
