/** Changes without a request: repairs, imports and the canary; and what deletes expired events. */
import { randomUUID } from "node:crypto";
import { DeleteCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, test } from "vitest";
import { canary } from "../../functions/maintenance/canary.ts";
import { verifyRecords } from "../../functions/maintenance/verify-table.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { CANARY } from "../../lib/model/canary.ts";
import { consumerKey } from "../../lib/store/items/consumer.ts";
import { deleteExpired } from "../../lib/store/maintenance/delete-expired.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { runProgram, tableOf } from "../import/run.ts";
import type { Item } from "../support/api.ts";
import { fastClock } from "../support/fast-clock.ts";
import { useApi } from "../support/frame.ts";
import { brokenLives, historyOf, steps } from "../support/history.ts";
import { brokenInvariants } from "../support/invariants.ts";
import { uuidOf } from "../support/uuids.ts";
import { claim, makeProvider, release } from "../support/world.ts";

const DAY = 86_400_000;

describe("an import", () => {
  const source = useApi();
  const target = useApi();

  const run = async () => {
    const args = ["--from", source.url, "--token", "admin"];
    expect((await runProgram(args, tableOf(target))).status).toBe(0);
  };
  const of = (uuid: string) => historyOf(target, "consumers", uuid);

  test("tells of what it brings, and of a consumer that was made again as of two lives", async () => {
    const host = await makeProvider(source, { VCPU: 10 });
    const uuid = randomUUID();
    await claim(source, uuid, { [host]: { VCPU: 1 } });
    await claim(source, uuid, { [host]: { VCPU: 2 } }, 1);
    await run();
    await claim(source, uuid, { [host]: { VCPU: 3 } }, 2);
    await run();
    await release(source, uuid);
    await claim(source, uuid, { [host]: { VCPU: 4 } });
    await run();
    await release(source, uuid);
    await run();
    const events = await of(uuid);
    expect(steps(events)).toEqual([
      "allocation.create null>2",
      "allocation.update 2>3",
      "allocation.delete 3>null",
      "allocation.create null>1",
      "allocation.delete 1>null",
    ]);
    for (const each of events) expect(each).toMatchObject({ cause: "import", caller: null });
    expect(new Set(events.map(({ life }) => life)).size).toBe(2);
    const ofHost = await historyOf(target, "resource_providers", host);
    expect(ofHost[0]).toMatchObject({ event: "placement.resource_provider.create" });
    expect(ofHost[1]).toMatchObject({
      event: "placement.resource_provider.update",
      cause: "import",
      changes: { inventories: { after: { VCPU: { total: 10 } } } },
    });
  });
});

describe("a repair", () => {
  const api = useApi({ verified: "never" });
  const repair = () => taskLambda(verifyRecords, async () => api.runtime)({ repair: true });

  test("that makes a consumer again tells of it; one of look-up items does not", async () => {
    const host = await makeProvider(api, { VCPU: 10 });
    const uuid = randomUUID();
    await claim(api, uuid, { [host]: { VCPU: 1 } });
    const { pk, sk } = consumerKey(uuidOf(uuid));
    await api.client.send(new DeleteCommand({ TableName: api.tableName, Key: { pk, sk } }));
    await repair();
    await repair();
    expect(brokenInvariants(await api.items())).toEqual([]);
    const events = await historyOf(api, "consumers", uuid);
    expect(events.map(({ cause }) => cause)).toContain("repair");
    const made = events.find(({ cause }) => cause === "repair");
    expect(made).toMatchObject({ event: "placement.consumer.create", generation_after: 1 });
    const count = events.length;
    const holder = (await api.items()).find(
      (item) => item.pk === `ALLOCATIONS#${host}` && item.sk.includes(uuid),
    );
    const Key = { pk: holder?.pk, sk: holder?.sk };
    await api.client.send(new DeleteCommand({ TableName: api.tableName, Key }));
    await repair();
    expect(brokenInvariants(await api.items())).toEqual([]);
    expect(await historyOf(api, "consumers", uuid)).toHaveLength(count);
  });
});

describe("without requests", () => {
  const clock = fastClock(1_800_000_000_000);
  const api = useApi({ clock });

  test("the canary tells what it does", async () => {
    await taskLambda(canary, async () => api.runtime)({});
    const events = await historyOf(api, "consumers", CANARY.consumer);
    expect(steps(events)).toEqual(["allocation.create null>1", "allocation.delete 1>null"]);
    expect(brokenLives(events)).toEqual([]);
    const ofProvider = await historyOf(api, "resource_providers", CANARY.provider);
    // The clock stands still: those of one moment are in any order.
    expect(steps(ofProvider).sort()).toEqual([
      "inventory.update 0>1",
      "resource_provider.create null>0",
      "resource_provider.delete 2>null",
    ]);
    for (const each of [...events, ...ofProvider]) expect(each.cause).toBe("canary");
  });

  test("the local server deletes what has expired, and nothing else", async () => {
    const host = await makeProvider(api, { VCPU: 10 });
    const uuid = randomUUID();
    const headers = { "idempotency-key": randomUUID() };
    await claim(api, uuid, { [host]: { VCPU: 1 } }, null, { headers });
    const isOld = ({ pk }: Item) => /^(EVENT|IDEMPOTENCY)#/.test(pk);
    clock.pass(30 * DAY + 2_000);
    await claim(api, uuid, { [host]: { VCPU: 2 } }, 1);
    const before = await api.items();
    const openStore = () =>
      api.runtime.openStore({ access: ["Scan", ...WRITING], deadline: clock.now() + DAY });
    let after: Awaited<ReturnType<typeof deleteExpired>>["next"];
    let [deleted, calls] = [0, 0];
    do {
      const report = await deleteExpired(openStore(), after, 7);
      deleted += report.deleted;
      after = report.next;
      calls += 1;
    } while (after !== undefined && calls < 1_000);
    const fresh = ({ ttl }: Item) => Number(ttl) * 1_000 > clock.now();
    const left = before.filter((item) => !isOld(item) || fresh(item));
    expect(await api.items()).toEqual(left);
    expect(deleted).toBe(before.length - left.length);
    expect(deleted).toBeGreaterThan(5);
    expect(steps(await historyOf(api, "consumers", uuid))).toEqual(["allocation.update 1>2"]);
  });
});

describe("the verifier", () => {
  const api = useApi({ verified: "never" });

  test.each([
    ["malformed", "e", "placement.nothing"],
    ["malformed", "d", "no JSON"],
    ["malformed", "g", 7],
    ["malformed", "w", "now"],
    ["malformed", "c", "whim"],
    ["malformed", "ttl", -1],
  ])("reports an event that is %s: %s is %j", async (rule, attribute, value) => {
    const host = await makeProvider(api, { VCPU: 10 });
    const uuid = randomUUID();
    await claim(api, uuid, { [host]: { VCPU: 1 } });
    const event = (await api.items()).find(({ pk }) => pk === `EVENT#${uuid}`);
    const Key = { pk: event?.pk, sk: event?.sk };
    const before = brokenInvariants(await api.items());
    await api.client.send(
      new UpdateCommand({
        TableName: api.tableName,
        Key,
        UpdateExpression: "SET #a = :v",
        ExpressionAttributeNames: { "#a": attribute },
        ExpressionAttributeValues: { ":v": value },
      }),
    );
    const found = brokenInvariants(await api.items()).filter((each) => !before.includes(each));
    expect(found).toEqual([expect.stringMatching(`^${rule}: EVENT#${uuid} `)]);
    // Without it nothing is broken.
    await api.client.send(new DeleteCommand({ TableName: api.tableName, Key }));
    expect(brokenInvariants(await api.items())).toEqual(before);
  });
});
