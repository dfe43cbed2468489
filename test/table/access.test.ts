/** An operation may do to the table what it declares, and nothing else. */

import { randomUUID } from "node:crypto";
import { beforeAll, expect, expectTypeOf, test } from "vitest";
import type { Uuid } from "../../lib/model/uuid.ts";
import { guard, replan } from "../../lib/store/changes/guarded-write.ts";
import { hotKey } from "../../lib/store/items/hot.ts";
import { profileKey } from "../../lib/store/items/profile.ts";
import { nameKey } from "../../lib/store/items/provider-name.ts";
import type { MaintenanceStore } from "../../lib/store/maintenance-store.ts";
import type { Store } from "../../lib/store/store.ts";
import type { DynamoDBAction } from "../../lib/store/table/connection.ts";
import { add, exists, type Write } from "../../lib/store/table/expressions.ts";
import { useApi } from "../support/frame.ts";
import { makeProvider } from "../support/world.ts";

const api = useApi({ verified: "never" });
let provider: Uuid;

beforeAll(async () => {
  provider = await makeProvider(api);
});

function open(...access: DynamoDBAction[]): MaintenanceStore {
  return api.runtime.openStore({ access, deadline: Date.now() + 5_000 });
}

const change = (store: MaintenanceStore, write: Write) =>
  store.change(async () => ({ writes: [guard(write, () => replan)], result: undefined }));

test.each<[DynamoDBAction, (store: MaintenanceStore) => Promise<unknown>]>([
  ["BatchGetItem", (store) => store.batchGet([profileKey(provider)])],
  ["Query", (store) => store.query("CLASSES")],
  ["Scan", (store) => store.scan(undefined, 1)],
  ["PutItem", (store) => change(store, { kind: "put", item: { ...nameKey("new") }, when: [] })],
  [
    "UpdateItem",
    (store) =>
      change(store, {
        kind: "update",
        key: profileKey(provider),
        changes: [add(["v"], 1)],
        when: [],
      }),
  ],
  [
    "ConditionCheckItem",
    (store) => change(store, { kind: "check", key: profileKey(provider), when: [exists("pk")] }),
  ],
  ["DeleteItem", (store) => change(store, { kind: "delete", key: profileKey(provider), when: [] })],
])("%s that is not declared is refused before it is sent", async (action, act) => {
  const before = await api.items();
  await expect(act(open("GetItem"))).rejects.toThrow(`did not declare ${action}`);
  expect(await api.items()).toEqual(before);
  await act(open("GetItem", action));
});

test("a read of one item is refused too", async () => {
  await expect(open().get(nameKey(randomUUID()))).rejects.toThrow("did not declare GetItem");
});

test("a change of a hot item needs the right to append to its shard log, before anything is written", async () => {
  const other = await makeProvider(api);
  const before = await api.items();
  const drop: Write = { kind: "delete", key: hotKey(other), when: [exists("pk")] };
  const store = open("GetItem", "DeleteItem");
  await expect(change(store, drop)).rejects.toThrow("did not declare UpdateItem");
  expect(await api.items()).toEqual(before);
});

test("an operation is offered no query outside of a list, and nothing of maintenance", () => {
  type Offered = Parameters<Parameters<Store["list"]>[0]>[0];
  expectTypeOf<Offered>().toHaveProperty("query");
  expectTypeOf<Offered>().not.toHaveProperty("change");
  type Maintenance = "query" | "stored" | "scan" | "sweep" | "tableFormat" | "reformat";
  expectTypeOf<Extract<keyof Store, Maintenance>>().toBeNever();
  expectTypeOf<Extract<keyof MaintenanceStore, Maintenance>>().toEqualTypeOf<Maintenance>();
});
