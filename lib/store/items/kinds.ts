/** The kinds of items, and how their keys differ: see docs/architecture.md, "The table". */
import type { Key } from "../table/item.ts";
import { ATTEMPTS } from "./attempt.ts";
import { CHANGE, CHANGES } from "./change-record.ts";
import { isCommitIndex } from "./commit-index.ts";
import { CONSUMER } from "./consumer.ts";
import { nameKindOf } from "./custom-name.ts";
import { EVENT } from "./event.ts";
import { FEED } from "./feed.ts";
import { isFeedCounter } from "./feed-counter.ts";
import { ALLOCATIONS } from "./holder.ts";
import { isHot } from "./hot.ts";
import { IDEMPOTENCY } from "./idempotency-record.ts";
import { IDLE } from "./idle-consumer.ts";
import { firstPart } from "./keys.ts";
import { LEASE } from "./leased-consumer.ts";
import { NAMES } from "./names.ts";
import { HEADS } from "./old-head.ts";
import { PENDING } from "./pending-events.ts";
import { isProfile } from "./profile.ts";
import { PAGES } from "./profile-page.ts";
import { PROJECT } from "./project-consumer.ts";
import { NAME } from "./provider-name.ts";
import { SHARD } from "./shard.ts";
import { LOG } from "./shard-log.ts";
import { META } from "./table-format.ts";
import { TREE } from "./tree.ts";

const begins =
  (word: string) =>
  ({ pk }: Key): boolean =>
    firstPart(pk) === word;

/** Whether the item is one of a provider's two. */
export const isInShard = begins(SHARD);

const isInFeed = begins(FEED);

/** The partition key determines the kind; the sort key only if two kinds share a partition. */
export const KINDS = {
  hot: (key: Key) => isInShard(key) && isHot(key),
  profile: (key: Key) => isInShard(key) && isProfile(key),
  "profile-page": begins(PAGES),
  tree: begins(TREE),
  "provider-name": begins(NAME),
  consumer: begins(CONSUMER),
  holder: begins(ALLOCATIONS),
  "project-consumer": begins(PROJECT),
  "idle-consumer": begins(IDLE),
  "leased-consumer": begins(LEASE),
  "custom-name": (key: Key) => nameKindOf(key) !== undefined,
  names: begins(NAMES),
  "shard-log": begins(LOG),
  "old-head": begins(HEADS),
  "commit-index": isCommitIndex,
  "change-record": begins(CHANGES),
  "change-page": begins(CHANGE),
  "idempotency-record": begins(IDEMPOTENCY),
  event: begins(EVENT),
  "feed-counter": (key: Key) => isInFeed(key) && isFeedCounter(key),
  "feed-entry": (key: Key) => isInFeed(key) && !isFeedCounter(key),
  "pending-events": begins(PENDING),
  attempt: begins(ATTEMPTS),
  /** The table's format, and the positions of walks. */
  meta: begins(META),
} as const satisfies Record<string, (key: Key) => boolean>;

export type Kind = keyof typeof KINDS;

const ALL = Object.entries(KINDS) as readonly [Kind, (key: Key) => boolean][];

/** Undefined: not a kind that this release knows. */
export function kindOf(key: Key): Kind | undefined {
  return ALL.find(([, is]) => is(key))?.[0];
}
