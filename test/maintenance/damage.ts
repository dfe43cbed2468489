/** A table with an item of every kind, and ways to damage it. */
import {
  DeleteCommand,
  GetCommand,
  type NativeAttributeValue,
  PutCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import type { ProviderProfile } from "../../lib/model/provider.ts";
import { storedUuid, type Uuid, uuidToBytes } from "../../lib/model/uuid.ts";
import { ATTEMPTS, attemptKey, noteOf, takenItem } from "../../lib/store/items/attempt.ts";
import { pageKey } from "../../lib/store/items/change-page.ts";
import { recordKey } from "../../lib/store/items/change-record.ts";
import { COMMIT_INDEX_KEY } from "../../lib/store/items/commit-index.ts";
import { consumerKey } from "../../lib/store/items/consumer.ts";
import { customNameKey } from "../../lib/store/items/custom-name.ts";
import { feedPartitionOf } from "../../lib/store/items/feed.ts";
import { feedCounterItem, feedCounterKey } from "../../lib/store/items/feed-counter.ts";
import { feedItem, feedKey } from "../../lib/store/items/feed-entry.ts";
import { allocationKey } from "../../lib/store/items/holder.ts";
import { hotKey } from "../../lib/store/items/hot.ts";
import { idleKey } from "../../lib/store/items/idle-consumer.ts";
import { leaseKey } from "../../lib/store/items/leased-consumer.ts";
import { NAMES_KEY } from "../../lib/store/items/names.ts";
import { PENDING, pendingItem } from "../../lib/store/items/pending-events.ts";
import { profileKey, profileOf } from "../../lib/store/items/profile.ts";
import { profilePageItem } from "../../lib/store/items/profile-page.ts";
import { projectKey } from "../../lib/store/items/project-consumer.ts";
import { nameKey } from "../../lib/store/items/provider-name.ts";
import { SHARDS, shardOf } from "../../lib/store/items/shard.ts";
import { entryOf, LOGS, logKey } from "../../lib/store/items/shard-log.ts";
import { treeKey } from "../../lib/store/items/tree.ts";
import type { RuleName } from "../../lib/store/maintenance/verify/finding.ts";
import type { Item, Key } from "../../lib/store/table/item.ts";
import type { Api } from "../support/api.ts";
import { logOfProvider } from "../support/shard-logs.ts";
import { uuidOf } from "../support/uuids.ts";
import { claim, makeProvider, putInventories } from "../support/world.ts";

/** Fixed, so that a damage can name what it damages. */
export const TOP = uuidOf("11111111-1111-4111-8111-111111111111");
export const CHILD = uuidOf("22222222-2222-4222-8222-222222222222");
export const OTHER = uuidOf("33333333-3333-4333-8333-333333333333");
export const HOLDER = uuidOf("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa");
export const IDLE = uuidOf("bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb");
export const LEASED = uuidOf("dddddddd-dddd-4ddd-8ddd-dddddddddddd");
const NOBODY = uuidOf("99999999-9999-4999-8999-999999999999");
export const SPELT = uuidOf("cccccccc-cccc-4ccc-8ccc-cccccccccccc");
const CLASS = "CUSTOM_THING";
const TRAIT = "CUSTOM_KIND";

/** Times that are parts of keys, in milliseconds since 1970. */
interface Times {
  readonly idleSince: number;
  readonly leasedUntil: number;
}

const NO_TIMES: Times = { idleSince: 0, leasedUntil: 0 };

export async function makeWorld(api: Api): Promise<Times> {
  await api.request("PUT", `/resource_classes/${CLASS}`);
  await api.request("PUT", `/traits/${TRAIT}`);
  await makeProvider(api, { VCPU: 10 }, { uuid: TOP, name: "top" });
  await makeProvider(api, { DISK_GB: 10 }, { uuid: CHILD, name: "child", parent: TOP });
  await makeProvider(api, {}, { uuid: OTHER, name: "other" });
  await putInventories(api, OTHER, 0, { [CLASS]: 4 });
  await api.request("PUT", `/resource_providers/${OTHER}/traits`, {
    body: { resource_provider_generation: 1, traits: [TRAIT, "HW_CPU_X86_AVX"] },
  });
  await claim(api, HOLDER, { [TOP]: { VCPU: 2 }, [CHILD]: { DISK_GB: 3 } });
  const body = { uuid: IDLE, project_id: "project", user_id: "user" };
  const made = await api.request("POST", "/consumers", { body });
  const headers = { "placement-lease": "3600" };
  const held = await claim(api, LEASED, { [TOP]: { VCPU: 1 } }, null, { headers });
  return {
    idleSince: Date.parse(made.body.created_at),
    leasedUntil: Date.parse(String(held.headers["placement-lease-expires-at"])),
  };
}

export interface Hands extends Times {
  get(key: Key): Promise<Item>;
  lose(key: Key): Promise<void>;
  put(item: Item): Promise<void>;
  set(key: Key, path: readonly string[], value: NativeAttributeValue): Promise<void>;
}

export function handsOf({ client, tableName }: Api, times = NO_TIMES): Hands {
  const keyed = ({ pk, sk }: Key) => ({ TableName: tableName, Key: { pk, sk } });
  return {
    ...times,
    get: async (key) => (await client.send(new GetCommand(keyed(key)))).Item as Item,
    lose: async (key) => {
      await client.send(new DeleteCommand(keyed(key)));
    },
    put: async (item) => {
      await client.send(new PutCommand({ TableName: tableName, Item: item }));
    },
    set: async (key, path, value) => {
      await client.send(
        new UpdateCommand({
          ...keyed(key),
          UpdateExpression: `SET ${path.map((_, index) => `#${index}`).join(".")} = :v`,
          ExpressionAttributeNames: Object.fromEntries(
            path.map((name, index) => [`#${index}`, name]),
          ),
          ExpressionAttributeValues: { ":v": value },
        }),
      );
    },
  };
}

/** Fixed: the last of its items is number 3. */
const FED = 2;
const far = 4_000_000_000;

/** Events of subjects of that partition. */
const refsOf = (partition: number): string[] =>
  [TOP, CHILD, OTHER, HOLDER, IDLE, LEASED, NOBODY, SPELT]
    .filter((uuid) => feedPartitionOf(uuid) === partition)
    .map((uuid) => `${uuid}#${"0".repeat(15)}5#operation`);

/** A partition of the feed with three items, and what `change` makes of it. */
function fed(change: (hands: Hands, partition: number) => Promise<void>) {
  return async (hands: Hands): Promise<void> => {
    const partition = feedPartitionOf(TOP);
    const events = refsOf(partition);
    for (const number of [1, 2, 3]) {
      const entry = { partition, number, events, appended: number, expires: far + number };
      await hands.put(feedItem(entry));
    }
    const last = { number: 3, appended: 3, until: far + 3 };
    await hands.put(feedCounterItem(partition, last));
    await change(hands, partition);
  };
}

/** The last one was appended ten minutes after the time 5. */
async function feedLater({ set }: Hands, partition: number): Promise<void> {
  await set(feedCounterKey(partition), ["a"], 600_006);
  await set(feedKey(partition, 3), ["a"], 600_006);
}

/** An attempt at the time 5. */
const NOTED = 5 * 1_024;
const notedAttempt = (events: readonly string[]): Item => ({
  ...attemptKey("process", 64),
  n: NOTED,
  ...noteOf({ events, until: far }),
});

function feedDamages(): Damage[] {
  const feed = { rules: ["feed"], left: ["feed"] } as const;
  const malformed = { rules: ["malformed"], left: ["malformed"] } as const;
  const misplaced = { rules: ["misplaced"], left: ["misplaced"] } as const;
  const place = { time: 5, number: 1, process: "process" };
  return [
    {
      what: "a hole in the feed",
      do: fed(({ lose }, partition) => lose(feedKey(partition, FED))),
      ...feed,
    },
    {
      what: "a feed that has lost its last item",
      do: fed(({ lose }, partition) => lose(feedKey(partition, 3))),
      ...feed,
    },
    {
      what: "a feed that goes on above its counter",
      do: fed(({ set }, partition) => set(feedCounterKey(partition), ["n"], FED)),
      ...feed,
    },
    {
      what: "a feed with an older item after a newer one",
      do: fed(({ set }, partition) => set(feedKey(partition, FED), ["a"], 9)),
      ...feed,
    },
    {
      what: "an event in another partition of the feed",
      do: fed(({ set }, partition) =>
        set(feedKey(partition, FED), ["e"], refsOf(feedPartitionOf(CHILD))),
      ),
      ...feed,
    },
    {
      what: "a part of the feed without events",
      do: fed(({ set }, partition) => set(feedKey(partition, FED), ["e"], [])),
      ...malformed,
    },
    {
      what: "a counter of the feed that counts nothing",
      do: ({ put }) => put({ ...feedCounterKey(feedPartitionOf(TOP)), n: "many" }),
      ...malformed,
    },
    {
      what: "a counter of no partition of the feed",
      do: ({ put }) => put({ ...feedCounterKey(8), n: 1, a: 1, x: 1 }),
      ...misplaced,
    },
    {
      what: "events that wait, though later ones are in the feed",
      do: fed(async (hands, partition) => {
        await hands.put(pendingItem(place, { events: refsOf(partition), until: far }));
        await feedLater(hands, partition);
      }),
      ...feed,
    },
    {
      what: "a note that waits, though later events are in the feed",
      do: fed(async (hands, partition) => {
        await hands.put(takenItem("process", NOTED - 2));
        await hands.put(notedAttempt(refsOf(partition)));
        await feedLater(hands, partition);
      }),
      ...feed,
    },
    {
      what: "a note without a name",
      do: ({ put }) => put(notedAttempt(["x"])),
      ...malformed,
    },
    {
      what: "events that wait without a name",
      do: ({ put }) => put(pendingItem(place, { events: ["x"], until: far })),
      ...malformed,
    },
    {
      what: "events that wait at no place",
      do: ({ put }) => put({ pk: PENDING, sk: "1", e: [`${TOP}#1`], x: far }),
      ...misplaced,
    },
  ];
}

export interface Damage {
  readonly what: string;
  do(hands: Hands): Promise<void>;
  /** What is found, each rule once. */
  readonly rules: readonly RuleName[];
  /** What a repair leaves to the operator. */
  readonly left?: readonly RuleName[];
}

async function profileOfTop({ get }: Hands): Promise<ProviderProfile> {
  return profileOf(await get(profileKey(TOP)));
}
const pageOf = (shard: number, profile: ProviderProfile) =>
  profilePageItem(shard, 0, { pages: 1, profiles: [profile] });
const strangeLog = (provider: Uuid) => logKey((shardOf(provider) + 1) % LOGS);
const DISK = "2";
const change = "unknown-change";

/** Holds 1 of the custom class, as consumer number `count` that holds it. */
async function keepAs({ put, set }: Hands, uuid: Uuid, count = 1): Promise<void> {
  const id = "65536";
  const held = { g: 1, a: { [id]: 1 }, w: 7 };
  const own = { ...held, o: "o", l: "l", p: "project", u: "user", t: null, c: 7 };
  await put({ ...consumerKey(uuid), ...own, a: { [OTHER]: { [id]: 1 } }, later: "stays" });
  await put({ ...allocationKey(OTHER, uuid), ...held });
  await put({ ...projectKey("project", "user", uuid), u: "user", t: null, a: { [id]: 1 } });
  await set(hotKey(OTHER), ["n"], count);
  await set(hotKey(OTHER), ["i", id, "u"], count);
  await set(hotKey(OTHER), ["i", id, "f"], 4 - count);
}

const record = (state: string, expires: number) => ({
  ...recordKey(change),
  s: state,
  e: expires,
  p: 1,
});
const page = { ...pageKey(change, 0), k: [[consumerKey(IDLE).pk, "CONSUMER"]] };

export const DAMAGES: readonly Damage[] = [
  {
    what: "use that is not the sum of what is held",
    do: async ({ set }) => {
      await set(hotKey(CHILD), ["i", DISK, "u"], 1);
      await set(hotKey(CHILD), ["i", DISK, "f"], 9);
    },
    rules: ["use"],
  },
  {
    what: "free capacity that is not the rest",
    do: ({ set }) => set(hotKey(CHILD), ["i", DISK, "f"], 100),
    rules: ["use"],
  },
  {
    what: "a wrong number of consumers",
    do: ({ set }) => set(hotKey(TOP), ["n"], 0),
    rules: ["use"],
  },
  {
    what: "a consumer that is not found under its provider",
    do: ({ lose }) => lose(allocationKey(TOP, HOLDER)),
    rules: ["consumer-lookup", "use"],
  },
  {
    what: "another amount under a provider than in the consumer",
    do: ({ set }) => set(allocationKey(TOP, HOLDER), ["a", "0"], 9),
    rules: ["consumer-lookup", "use"],
  },
  {
    what: "another generation under a provider than in the consumer",
    do: ({ set }) => set(allocationKey(TOP, HOLDER), ["g"], 9),
    rules: ["consumer-lookup"],
  },
  {
    what: "a consumer that is not found under its project",
    do: ({ lose }) => lose(projectKey("project", "user", HOLDER)),
    rules: ["consumer-lookup"],
  },
  {
    what: "a consumer that is not found among the idle",
    do: ({ lose, idleSince }) => lose(idleKey(IDLE, idleSince)),
    rules: ["consumer-lookup"],
  },
  {
    what: "a look-up item under a provider whose consumer is gone",
    do: ({ put }) => put({ ...allocationKey(OTHER, NOBODY), g: 1, a: { 65536: 1 }, w: 1 }),
    rules: ["lookup-orphan", "use"],
  },
  {
    what: "a look-up item under a project whose consumer is gone",
    do: ({ put }) => put({ ...projectKey("project", "user", NOBODY), u: "user", t: null }),
    rules: ["lookup-orphan"],
  },
  {
    what: "a consumer that is not found among the leases",
    do: ({ lose, leasedUntil }) => lose(leaseKey(LEASED, leasedUntil)),
    rules: ["consumer-lookup"],
  },
  {
    what: "an item among the leases whose consumer is gone",
    do: ({ put }) => put({ ...leaseKey(NOBODY, 5) }),
    rules: ["lookup-orphan"],
  },
  {
    what: "an item among the leases whose consumer has none",
    do: ({ put }) => put({ ...leaseKey(HOLDER, 5) }),
    rules: ["lookup-orphan"],
  },
  {
    what: "an item among the leases at another time than the consumer says",
    do: ({ put, leasedUntil }) => put({ ...leaseKey(LEASED, leasedUntil - 1) }),
    rules: ["lookup-orphan"],
  },
  {
    what: "a lease that is listed after its end",
    do: ({ set, leasedUntil }) => set(consumerKey(LEASED), ["x"], leasedUntil - 1),
    rules: ["lease"],
    left: ["lease"],
  },
  {
    what: "a lease whose version is no number",
    do: ({ set }) => set(consumerKey(LEASED), ["z"], "1"),
    rules: ["lease"],
    left: ["lease"],
  },
  {
    what: "an item among the idle whose consumer is gone",
    do: ({ put }) => put({ ...idleKey(NOBODY, 5) }),
    rules: ["lookup-orphan"],
  },
  {
    what: "an item among the idle whose consumer holds something",
    do: ({ put }) => put({ ...idleKey(HOLDER, 5) }),
    rules: ["lookup-orphan"],
  },
  {
    what: "a consumer that is gone",
    do: ({ lose }) => lose(consumerKey(HOLDER)),
    rules: ["lookup-orphan"],
  },
  {
    what: "a consumer that is kept under another spelling",
    do: (hands) => keepAs(hands, storedUuid(SPELT.toUpperCase())),
    rules: ["spelling"],
  },
  {
    what: "an idle consumer that is kept under another spelling",
    do: async ({ put }) => {
      const uuid = storedUuid(SPELT.replaceAll("-", ""));
      const own = { g: 0, o: "o", l: "l", p: "project", u: "user", t: null, a: {}, c: 7, w: 7 };
      await put({ ...consumerKey(uuid), ...own });
      await put({ ...projectKey("project", "user", uuid), u: "user", t: null });
      await put({ ...idleKey(uuid, 7) });
    },
    rules: ["spelling"],
  },
  {
    what: "a consumer that is kept under two spellings",
    do: async (hands) => {
      await keepAs(hands, storedUuid(SPELT.toUpperCase()));
      await keepAs(hands, SPELT, 2);
    },
    rules: ["spelling"],
    left: ["spelling"],
  },
  {
    what: "a consumer that holds nothing of something",
    do: ({ set }) => set(consumerKey(HOLDER), ["a", OTHER], {}),
    rules: ["amounts", "consumer-lookup"],
    left: ["amounts"],
  },
  {
    what: "a consumer whose generation is no number",
    do: ({ set }) => set(consumerKey(HOLDER), ["g"], -1),
    rules: ["generation", "consumer-lookup"],
    left: ["generation"],
  },
  {
    what: "a provider without its hot item",
    do: ({ lose }) => lose(hotKey(CHILD)),
    rules: ["provider-half", "held-without-inventory"],
    left: ["provider-half", "held-without-inventory"],
  },
  {
    what: "a provider without its profile",
    do: ({ lose }) => lose(profileKey(CHILD)),
    rules: ["provider-half", "name-orphan", "tree-names"],
    left: ["provider-half"],
  },
  {
    what: "a provider that has lost a class which is held",
    do: ({ set }) => set(hotKey(CHILD), ["i"], {}),
    rules: ["held-without-inventory"],
    left: ["held-without-inventory"],
  },
  {
    what: "two versions of one profile",
    do: ({ set }) => set(hotKey(CHILD), ["v"], 1),
    rules: ["profile-version"],
  },
  {
    what: "a page of profiles with another content of a version",
    do: async (hands) => {
      const profile = await profileOfTop(hands);
      await hands.put(pageOf(shardOf(TOP), { ...profile, name: "another" }));
    },
    rules: ["profile-page"],
  },
  {
    what: "a page of profiles that cannot be read",
    do: async (hands) => {
      const page = pageOf(shardOf(TOP), await profileOfTop(hands));
      await hands.put({ ...page, d: new Uint8Array(7) });
    },
    rules: ["profile-page"],
  },
  {
    what: "a page of profiles that are of another shard",
    do: async (hands) => {
      await hands.put(pageOf((shardOf(TOP) + 1) % SHARDS, await profileOfTop(hands)));
    },
    rules: ["profile-page"],
  },
  {
    what: "a name that nobody guards",
    do: ({ lose }) => lose(nameKey("child")),
    rules: ["name-guard"],
  },
  {
    what: "a name that another one guards",
    do: ({ set }) => set(nameKey("child"), ["p"], OTHER),
    rules: ["name-guard", "name-orphan"],
  },
  {
    what: "two providers of one name",
    do: ({ set }) => set(profileKey(CHILD), ["n"], "top"),
    rules: ["name-guard", "name-orphan"],
    left: ["name-guard"],
  },
  {
    what: "a guarded name that nobody has",
    do: ({ put }) => put({ ...nameKey("gone"), p: NOBODY }),
    rules: ["name-orphan"],
  },
  {
    what: "a tree that is gone",
    do: ({ lose }) => lose(treeKey(OTHER)),
    rules: ["tree-lacks"],
  },
  {
    what: "a tree that lacks a provider",
    do: ({ set }) => set(treeKey(TOP), ["t"], { [TOP]: new Uint8Array(1) }),
    rules: ["tree-lacks"],
  },
  {
    what: "a tree that names a provider which is absent",
    do: ({ set }) => set(treeKey(TOP), ["t", NOBODY], uuidToBytes(TOP)),
    rules: ["tree-names"],
  },
  {
    what: "a tree that names a provider of another tree",
    do: ({ set }) => set(treeKey(TOP), ["t", OTHER], uuidToBytes(TOP)),
    rules: ["tree-names"],
  },
  {
    what: "a parent that is another one in the tree",
    do: ({ set }) => set(treeKey(TOP), ["t", CHILD], uuidToBytes(CHILD)),
    rules: ["tree-names", "tree-shape"],
    left: [],
  },
  {
    what: "a class that counts too many providers",
    do: ({ set }) => set(customNameKey("CLASSES", CLASS), ["users"], 2),
    rules: ["name-users"],
  },
  {
    what: "a trait that counts too few providers",
    do: ({ set }) => set(customNameKey("TRAITS", TRAIT), ["users"], 0),
    rules: ["name-users"],
  },
  {
    what: "a class that is used and gone",
    do: ({ lose }) => lose(customNameKey("CLASSES", CLASS)),
    rules: ["unknown-id"],
    left: ["unknown-id"],
  },
  {
    what: "a trait that is used and gone",
    do: ({ lose }) => lose(customNameKey("TRAITS", TRAIT)),
    rules: ["unknown-id"],
    left: ["unknown-id"],
  },
  {
    what: "ids that were given out and are to be given again",
    do: ({ set }) => set(NAMES_KEY, ["next"], 65_536),
    rules: ["name-ids"],
  },
  {
    what: "one id of two names",
    do: ({ put }) =>
      put({
        ...customNameKey("CLASSES", "CUSTOM_TWIN"),
        id: 65_536,
        users: 1,
        created: 1,
        updated: 1,
      }),
    rules: ["name-ids"],
    left: ["name-ids"],
  },
  {
    what: "a log that names a change which it has not counted",
    do: ({ set }) => set(logOfProvider(TOP), ["m", entryOf(TOP)], 5_000),
    rules: ["head"],
  },
  {
    what: "a log whose base is above its counter",
    do: ({ set }) => set(logOfProvider(TOP), ["b"], 5_000),
    rules: ["head"],
  },
  {
    what: "a log that names a provider of another one",
    do: ({ set }) => set(strangeLog(TOP), ["m", entryOf(TOP)], 0),
    rules: ["head"],
  },
  {
    what: "a log without a counter",
    do: ({ set }) => set(logOfProvider(TOP), ["n"], "many"),
    rules: ["head"],
  },
  {
    what: "a log of no shard",
    do: ({ put }) => put({ ...logKey(16), n: 0, b: 0, m: {} }),
    rules: ["misplaced"],
    left: ["misplaced"],
  },
  {
    what: "a head of the format before",
    do: ({ put }) => put({ pk: "HEADS#1", sk: "1", version: 0, base: 0, providers: [] }),
    rules: ["head"],
  },
  {
    what: "a write intent of no known change",
    do: ({ set }) => set(hotKey(TOP), ["mark"], { c: change, a: { pk: "x", sk: "y" } }),
    rules: ["mark-orphan"],
  },
  {
    what: "the place of an item that was to be made by no known change",
    do: ({ put }) => put({ ...nameKey("wanted"), mark: { c: change, p: 1 } }),
    rules: ["mark-orphan"],
  },
  {
    what: "a large change that nobody finished",
    do: async ({ put, set }) => {
      await put(record("committed", 1));
      await put({ ...COMMIT_INDEX_KEY, n: 1, [change]: 1 });
      await put(page);
      await set(consumerKey(IDLE), ["mark"], { c: change });
      await put({ ...consumerKey(NOBODY), mark: { c: change, p: 1 } });
    },
    // The record decides that the consumer is gone, so what it is looked up by is orphaned.
    rules: ["change-left", "lookup-orphan"],
  },
  {
    what: "a large change that nobody decided",
    do: async ({ put, set }) => {
      await put(record("pending", 1));
      await put(page);
      await set(consumerKey(IDLE), ["mark"], { c: change });
    },
    rules: ["change-left"],
  },
  {
    what: "a large change that was let through and has no record",
    do: ({ put }) => put({ ...COMMIT_INDEX_KEY, n: 1, [change]: 1 }),
    rules: ["gate-orphan"],
  },
  {
    what: "a page of no change",
    do: ({ put }) => put(page),
    rules: ["page-orphan"],
  },
  {
    what: "an item of no known kind",
    do: ({ put }) => put({ pk: "SOMETHING#1", sk: "ELSE" }),
    rules: ["misplaced"],
    left: ["misplaced"],
  },
  {
    what: "an attempt of no slot",
    do: ({ put }) => put({ pk: ATTEMPTS, sk: "process", n: 1 }),
    rules: ["misplaced"],
    left: ["misplaced"],
  },
  {
    what: "an attempt without a number",
    do: ({ put }) => put({ ...attemptKey("process", 0), n: "many" }),
    rules: ["malformed"],
    left: ["malformed"],
  },
  ...feedDamages(),
  {
    what: "a consumer without attributes",
    do: ({ put }) => put({ ...consumerKey(NOBODY) }),
    rules: ["malformed"],
    left: ["malformed"],
  },
];
