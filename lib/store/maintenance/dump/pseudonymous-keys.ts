/** The keys of items under pseudonyms. */
import { consumerKey, consumerOfKey } from "../../items/consumer.ts";
import { customNameKey, nameKindOf } from "../../items/custom-name.ts";
import { allocationKey, consumerHolding, providerHeld } from "../../items/holder.ts";
import { hotKey } from "../../items/hot.ts";
import { idleConsumerOf, idleKey } from "../../items/idle-consumer.ts";
import { type Kind, kindOf } from "../../items/kinds.ts";
import { leaseKey, listedLeaseOf } from "../../items/leased-consumer.ts";
import { profileKey } from "../../items/profile.ts";
import {
  consumerOfProject,
  projectKey,
  projectOf,
  userHashOf,
} from "../../items/project-consumer.ts";
import { guardedName, nameKey } from "../../items/provider-name.ts";
import { providerOf } from "../../items/shard.ts";
import { META_KEY } from "../../items/table-format.ts";
import { rootOf, treeKey } from "../../items/tree.ts";
import { type Key, keyText } from "../../table/item.ts";
import type { Pseudonyms } from "./pseudonyms.ts";

type KeyOf = (key: Key, names: Pseudonyms) => Key | undefined;

/** The key names nobody. */
const same: KeyOf = ({ pk, sk }) => ({ pk, sk });

/**
 * Left out of a dump with pseudonyms: what functions make again. Shard logs and heads name
 * providers by their bytes; kept answers are texts of all kinds; walks start again; attempts are
 * of processes that have ended. Events are left out too: they tell who did what, when.
 */
const leftOut: KeyOf = () => undefined;

const KEYS: Readonly<Record<Kind, KeyOf>> = {
  hot: (key, names) => hotKey(names.uuid(providerOf(key))),
  profile: (key, names) => profileKey(names.uuid(providerOf(key))),
  tree: (key, names) => treeKey(names.uuid(rootOf(key))),
  "provider-name": (key, names) => nameKey(names.provider(guardedName(key))),
  consumer: (key, names) => consumerKey(names.uuid(consumerOfKey(key))),
  holder: (key, names) =>
    allocationKey(names.uuid(providerHeld(key)), names.uuid(consumerHolding(key))),
  "project-consumer": (key, names) =>
    projectKey(
      names.project(projectOf(key)),
      names.userOf(userHashOf(key)),
      names.uuid(consumerOfProject(key)),
    ),
  "idle-consumer": (key, names) => {
    const { uuid, since } = idleConsumerOf(key);
    return idleKey(names.uuid(uuid), since);
  },
  "leased-consumer": (key, names) => {
    const { consumer, listed } = listedLeaseOf(key);
    return leaseKey(names.uuid(consumer), listed);
  },
  "custom-name": (key, names) => {
    const kind = nameKindOf(key);
    return kind && customNameKey(kind, names.custom(key.sk));
  },
  names: same,
  "shard-log": leftOut,
  "old-head": leftOut,
  "profile-page": leftOut,
  "commit-index": same,
  "change-record": same,
  "change-page": same,
  "idempotency-record": leftOut,
  event: leftOut,
  "feed-counter": leftOut,
  "feed-entry": leftOut,
  "pending-events": leftOut,
  attempt: leftOut,
  meta: (key, names) => (keyText(key) === keyText(META_KEY) ? same(key, names) : undefined),
};

/** Undefined: the item is left out. */
export function pseudonymousKey(key: Key, names: Pseudonyms): Key | undefined {
  const kind = kindOf(key);
  return kind === undefined ? undefined : KEYS[kind](key, names);
}
