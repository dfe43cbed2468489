/** The write intent of an unfinished large change stops every other write of its item. */

import { randomUUID } from "node:crypto";
import { PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { beforeAll, describe, expect, test } from "vitest";
import { recordKey } from "../../lib/store/items/change-record.ts";
import { consumerKey } from "../../lib/store/items/consumer.ts";
import { customNameKey } from "../../lib/store/items/custom-name.ts";
import { allocationKey } from "../../lib/store/items/holder.ts";
import { hotKey } from "../../lib/store/items/hot.ts";
import { idleKey } from "../../lib/store/items/idle-consumer.ts";
import { NAMES_KEY } from "../../lib/store/items/names.ts";
import { profileKey } from "../../lib/store/items/profile.ts";
import { projectKey } from "../../lib/store/items/project-consumer.ts";
import { nameKey } from "../../lib/store/items/provider-name.ts";
import { treeKey } from "../../lib/store/items/tree.ts";
import { INTENT } from "../../lib/store/table/expressions.ts";
import type { Key } from "../../lib/store/table/item.ts";
import { useFaulty } from "../support/frame.ts";
import type { HttpAnswer } from "../support/http-client.ts";
import { logOfProvider } from "../support/shard-logs.ts";
import { randomUuid } from "../support/uuids.ts";
import { claim, detailOf, makeProvider, putInventories, release } from "../support/world.ts";

const CUSTOM = "CUSTOM_MARKED";
const NAME = "intended";
/** A large change that is under way for as long as the test runs. */
const CHANGE = "unfinished";
const holder = randomUuid();
const idle = randomUuid();
const provider = randomUuid();
const faulty = useFaulty({ verified: "never" });
let created = 0;

beforeAll(async () => {
  const { sound } = faulty;
  await sound.request("PUT", `/resource_classes/${CUSTOM}`);
  await makeProvider(sound, { VCPU: 10 }, { uuid: provider, name: NAME });
  await claim(sound, holder, { [provider]: { VCPU: 1 } });
  const body = { uuid: idle, project_id: "project", user_id: "user" };
  const made = await sound.request("POST", "/consumers", { body });
  created = Date.parse(made.body.created_at);
  const record = { ...recordKey(CHANGE), s: "pending", e: Number.MAX_SAFE_INTEGER, p: 0 };
  await sound.client.send(new PutCommand({ TableName: sound.tableName, Item: record }));
});

async function setIntent(key: Key, change: string | undefined): Promise<void> {
  const { client, tableName } = faulty.sound;
  const given = { TableName: tableName, Key: { pk: key.pk, sk: key.sk } };
  const names = { ExpressionAttributeNames: { "#m": INTENT } };
  const update =
    change === undefined
      ? { UpdateExpression: "REMOVE #m", ...names }
      : {
          UpdateExpression: "SET #m = :m",
          ConditionExpression: "attribute_exists(pk)",
          ...names,
          ExpressionAttributeValues: { ":m": { c: change } },
        };
  await client.send(new UpdateCommand({ ...given, ...update }));
}

const send = (method: string, path: string, body?: unknown) => () =>
  faulty.api.request(method, path, body === undefined ? {} : { body });
const at = `/resource_providers/${provider}`;

/** Writes of all operations, each of which comes by the items that it is listed under. */
const OPERATIONS = {
  claim: () => claim(faulty.api, randomUUID(), { [provider]: { VCPU: 1 } }),
  replace: () => claim(faulty.api, holder, { [provider]: { VCPU: 2 } }, 1),
  createAnew: () => claim(faulty.api, holder, { [provider]: { VCPU: 2 } }, null),
  empty: () => claim(faulty.api, holder, {}, 1),
  release: () => release(faulty.api, holder),
  useIdle: () => claim(faulty.api, idle, { [provider]: { VCPU: 1 } }, 0),
  raise: send("POST", `/consumers/${holder}/generation`, { consumer_generation: 1 }),
  changeOwner: send("PUT", `/consumers/${holder}`, {
    project_id: "project",
    user_id: "other",
    consumer_generation: 1,
  }),
  createRecord: send("POST", "/consumers", { uuid: idle, project_id: "p", user_id: "u" }),
  deleteRecord: send("DELETE", `/consumers/${idle}?generation=0`),
  replaceInventories: () => putInventories(faulty.api, provider, 2, { VCPU: 9 }),
  useClass: () => putInventories(faulty.api, provider, 2, { VCPU: 10, [CUSTOM]: 1 }),
  addInventory: send("POST", `${at}/inventories`, { resource_class: "DISK_GB", total: 1 }),
  updateInventory: send("PUT", `${at}/inventories/VCPU`, {
    resource_provider_generation: 2,
    total: 9,
  }),
  rename: send("PUT", at, { name: "other" }),
  makeChild: send("POST", "/resource_providers", { name: "child", parent_provider_uuid: provider }),
  makeSameName: send("POST", "/resource_providers", { name: NAME }),
  makeSameUuid: send("POST", "/resource_providers", { name: "other", uuid: provider }),
  createClass: send("PUT", "/resource_classes/CUSTOM_OTHER"),
  deleteClass: send("DELETE", `/resource_classes/${CUSTOM}`),
} as const satisfies Record<string, () => Promise<HttpAnswer>>;

type Name = keyof typeof OPERATIONS;

const WITH_INTENT: [string, () => Key, readonly Name[]][] = [
  [
    "a hot item",
    () => hotKey(provider),
    [
      ...(["claim", "replace", "empty", "release", "useIdle", "replaceInventories"] as const),
      ...(["useClass", "addInventory", "updateInventory", "rename", "makeSameUuid"] as const),
    ],
  ],
  ["a profile", () => profileKey(provider), ["rename", "makeSameUuid"]],
  ["a tree", () => treeKey(provider), ["makeChild", "makeSameUuid"]],
  ["a name", () => nameKey(NAME), ["rename", "makeSameName"]],
  [
    "a consumer",
    () => consumerKey(holder),
    ["replace", "createAnew", "empty", "release", "raise", "changeOwner"],
  ],
  [
    "a consumer under its provider",
    () => allocationKey(provider, holder),
    ["replace", "empty", "release", "raise", "changeOwner"],
  ],
  [
    "a consumer under its project",
    () => projectKey("project", "user", holder),
    ["replace", "empty", "release", "changeOwner"],
  ],
  [
    "an idle consumer's record",
    () => consumerKey(idle),
    ["useIdle", "createRecord", "deleteRecord"],
  ],
  ["a consumer among the idle", () => idleKey(idle, created), ["useIdle", "deleteRecord"]],
  ["a custom class", () => customNameKey("CLASSES", CUSTOM), ["useClass", "deleteClass"]],
  ["the names", () => NAMES_KEY, ["createClass", "deleteClass"]],
];

describe.each(WITH_INTENT)("%s with a write intent", (_, key, names) => {
  test.each(names)("is not written over by %s", async (name) => {
    await setIntent(key(), CHANGE);
    const before = await faulty.sound.items();
    const answer = await OPERATIONS[name]();
    expect(await faulty.sound.items()).toEqual(before);
    await setIntent(key(), undefined);
    expect(answer.status, JSON.stringify(answer.body)).toBe(503);
    expect(answer.headers["retry-after"]).toBe("1");
    expect(detailOf(answer)).toContain("nothing was written");
  });
});

test("a shard log with a write intent stays as it is, and the write that should append to it is done", async () => {
  const key = logOfProvider(provider);
  await setIntent(key, CHANGE);
  const stored = async () =>
    (await faulty.sound.items()).find(({ pk, sk }) => pk === key.pk && sk === key.sk);
  const before = await stored();
  expect((await OPERATIONS.claim()).status).toBe(204);
  expect(await stored()).toEqual(before);
  expect(faulty.api.logs).toContainEqual(expect.objectContaining({ metric: "HeadNotRaised" }));
});
