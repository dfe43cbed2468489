/** Scenes that leave each kind of item in a table, with each of its optional attributes. */
import { inflateSync } from "node:zlib";
import { DeleteCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "vitest";
import { rebuildRecords } from "../../functions/maintenance/rebuild-records.ts";
import { releaseExpired } from "../../functions/maintenance/release-expired.ts";
import { verifyRecords } from "../../functions/maintenance/verify-table.ts";
import { writePages } from "../../functions/maintenance/write-profile-pages.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { noteFeed } from "../../lib/store/maintenance/feed-state.ts";
import { feedAll } from "./events-feed.ts";
import { type Call, type Interposer, interpose } from "./interpose.ts";
import { isCommit, Mortality } from "./mortal.ts";
import { type Form, type Steps, startSteps } from "./stored-forms.ts";
import { claimBody } from "./world.ts";

/** `id(1, 2)` is a uuid that shows where it comes from. */
const id = (kind: number, n: number): string =>
  `${kind.toString(16).padStart(8, "0")}-0000-4000-8000-${n.toString(16).padStart(12, "0")}`;

const [HOST, CHILD, POOL] = [1, 2, 3].map((n) => id(0xa, n)) as [string, string, string];
const AGGREGATES = ["ABCDEF00-1111-4222-8333-444444444444", id(0xc, 1)];
const consumer = (n: number) => id(0xd, n);
const fresh = (n: number) => id(0xe, n);

async function provider({ must }: Steps, uuid: string, name: string, parent?: string) {
  const body = { uuid, name, ...(parent === undefined ? {} : { parent_provider_uuid: parent }) };
  await must("POST", "/resource_providers", body);
}

async function inventories({ must, api }: Steps, uuid: string, given: object) {
  const { body } = await api.request("GET", `/resource_providers/${uuid}`);
  await must("PUT", `/resource_providers/${uuid}/inventories`, {
    resource_provider_generation: body.generation,
    inventories: given,
  });
}

/** All that requests of ordinary size leave. */
export async function ordinary(): Promise<Form[]> {
  const steps = await startSteps();
  const { must, api } = steps;
  await provider(steps, HOST, "host");
  await provider(steps, CHILD, "child", HOST);
  await must(
    "POST",
    "/resource_providers",
    { uuid: POOL, name: "pool" },
    { headers: { "idempotency-key": "with-a-body" } },
  );
  for (const name of ["CUSTOM_A", "CUSTOM_B", "CUSTOM_GONE"]) {
    await must("PUT", `/resource_classes/${name}`);
  }
  await must("PUT", "/resource_classes/CUSTOM_B", { name: "CUSTOM_C" }, { version: "1.6" });
  await must("DELETE", "/resource_classes/CUSTOM_GONE");
  for (const name of ["CUSTOM_RACK", "CUSTOM_UNUSED"]) await must("PUT", `/traits/${name}`);
  await inventories(steps, HOST, {
    VCPU: { total: 64, reserved: 2, allocation_ratio: 4.5, max_unit: 16 },
    MEMORY_MB: { total: 65_536, step_size: 64, min_unit: 64, allocation_ratio: 0.1 },
    CUSTOM_A: { total: 5 },
  });
  await inventories(steps, POOL, { DISK_GB: { total: 100_000 } });
  await must("PUT", `/resource_providers/${HOST}/traits`, {
    resource_provider_generation: 1,
    traits: ["HW_CPU_X86_AVX2", "CUSTOM_RACK"],
  });
  await must("PUT", `/resource_providers/${HOST}/aggregates`, {
    resource_provider_generation: 2,
    aggregates: AGGREGATES,
  });
  await claims(steps);
  const forms = await steps.forms();
  await api.close();
  return forms;
}

async function claims({ must }: Steps) {
  const at = (n: number) => `/allocations/${consumer(n)}`;
  // Neither the providers nor the classes come in the order of their keys.
  const mixed = { [POOL]: { DISK_GB: 20 }, [HOST]: { CUSTOM_A: 1, MEMORY_MB: 512, VCPU: 2 } };
  await must("PUT", at(1), claimBody(mixed, null));
  await must("PUT", at(2), claimBody({ [HOST]: { VCPU: 1 } }, null));
  // Its allocations are older than its record.
  await must("PUT", `/consumers/${consumer(2)}`, {
    project_id: "another-project",
    user_id: "user",
    consumer_type: "LEASE",
    consumer_generation: 1,
  });
  const { consumer_type: _, ...untyped } = claimBody({ [HOST]: { VCPU: 1 } }, null);
  await must("PUT", at(3), untyped, { version: "1.37" });
  // The second of one request.
  await must("POST", "/allocations", {
    [consumer(5)]: claimBody({ [HOST]: { VCPU: 1 } }, null),
    [consumer(4)]: claimBody({ [HOST]: { VCPU: 3 } }, null),
  });
  await must("POST", "/consumers", {
    uuid: consumer(6),
    project_id: "project",
    user_id: "user",
    consumer_type: "INSTANCE",
  });
  await must("PUT", at(7), claimBody({ [POOL]: { DISK_GB: 1 } }, null), {
    headers: { "idempotency-key": "without-a-body" },
  });
}

/** Consumers with leases, of which one was confirmed, one that is gone, and what the sweep keeps. */
export async function leases(): Promise<Form[]> {
  const steps = await startSteps();
  const { must, api, begin } = steps;
  await provider(steps, HOST, "host");
  await inventories(steps, HOST, { VCPU: { total: 64 } });
  const held = () => claimBody({ [HOST]: { VCPU: 1 } }, null);
  const headers = { "placement-lease": "60" };
  for (const n of [1, 2]) await must("PUT", `/allocations/${consumer(n)}`, held(), { headers });
  await must("PUT", `/consumers/${consumer(1)}/lease`, { seconds: 600 });
  await must("DELETE", `/consumers/${consumer(2)}/lease`);
  await must("PUT", `/allocations/${consumer(3)}`, held());
  await must("DELETE", `/allocations/${consumer(3)}`);
  begin();
  expect(await taskLambda(releaseExpired, async () => api.runtime)({})).toMatchObject({ done: 0 });
  const forms = await steps.forms();
  await api.close();
  return forms.filter(({ pk }) =>
    /^(META#(LEASES|HISTORY)|CONSUMER#|LEASE#|EVENT#0000000d)/.test(pk?.S ?? ""),
  );
}

/** What is in the feed, what waits for it, and a feed that was off for a time. */
export async function feed(): Promise<Form[]> {
  const steps = await startSteps({ events: "left" });
  const { must, api, begin } = steps;
  await provider(steps, HOST, "host");
  await inventories(steps, HOST, { VCPU: { total: 64 } });
  begin();
  await feedAll(api);
  await must("PUT", `/allocations/${consumer(1)}`, claimBody({ [HOST]: { VCPU: 1 } }, null));
  const { openStore, clock } = api.runtime;
  const store = openStore({ access: ["GetItem", "UpdateItem"], deadline: clock.now() + 1_000 });
  await noteFeed(store, false);
  const forms = await steps.forms();
  await api.close();
  return forms.filter(({ pk }) => /^(FEED#|PENDING$|META#FEED)/.test(pk?.S ?? ""));
}

/** Where the walks of maintenance go on, and a consumer that one of them has made anew. */
export async function maintenance(): Promise<Form[]> {
  const held = { pk: `ALLOCATIONS#${HOST}`, sk: `CONSUMER#${consumer(1)}` };
  const lost = { pk: `CONSUMER#${consumer(1)}`, sk: "CONSUMER" };
  // A page with one broken item, and a table that goes on after it.
  const scan: Interposer = async ({ command, send }: Call) => {
    const answer = (await send()) as { readonly Items?: readonly { pk: string; sk: string }[] };
    if (command !== "Scan") return answer;
    const Items = answer.Items?.filter(({ pk, sk }) => pk === held.pk && sk === held.sk);
    return { ...answer, Items, LastEvaluatedKey: held };
  };
  const steps = await startSteps({ connection: (connection) => interpose(connection, scan) });
  const { must, api, begin } = steps;
  await provider(steps, HOST, "host");
  await inventories(steps, HOST, { VCPU: { total: 64 } });
  await must("PUT", `/allocations/${consumer(1)}`, claimBody({ [HOST]: { VCPU: 1 } }, null));
  await api.client.send(new DeleteCommand({ TableName: api.tableName, Key: lost }));
  const runtime = async () => api.runtime;
  begin();
  const verified = await taskLambda(verifyRecords, runtime)({ batch_size: 1, resume: true });
  expect(verified).toMatchObject({ found: 1, complete: false });
  begin();
  const rebuilt = await taskLambda(rebuildRecords, runtime)({ batch_size: 1 });
  expect(rebuilt).toEqual({ found: 1, done: 1, complete: false });
  const forms = await steps.forms();
  await api.close();
  return forms.filter(({ pk }) => /^(META#|CONSUMER#|EVENT#0000000d)/.test(pk?.S ?? ""));
}

/** What the last verification of the whole table has found. */
export async function verification(): Promise<Form[]> {
  const steps = await startSteps();
  const { must, api, begin } = steps;
  await provider(steps, HOST, "host");
  await inventories(steps, HOST, { VCPU: { total: 64 } });
  await must("PUT", `/allocations/${consumer(1)}`, claimBody({ [HOST]: { VCPU: 1 } }, null));
  const lost = { pk: `CONSUMER#${consumer(1)}`, sk: "CONSUMER" };
  await api.client.send(new DeleteCommand({ TableName: api.tableName, Key: lost }));
  begin();
  const verified = await taskLambda(verifyRecords, async () => api.runtime)({});
  expect(verified).toMatchObject({ complete: true });
  const forms = await steps.forms();
  await api.close();
  return forms.filter(({ pk }) => pk?.S === "META#VERIFIED");
}

/** Pages of profiles, each with the text that it has compressed: libraries compress differently. */
export async function pages(): Promise<Form[]> {
  const steps = await startSteps();
  const { must, api, begin } = steps;
  await provider(steps, HOST, "host");
  await provider(steps, CHILD, "child", HOST);
  await must("PUT", `/resource_providers/${CHILD}/traits`, {
    resource_provider_generation: 0,
    traits: ["HW_CPU_X86_AVX2", "STORAGE_DISK_SSD"],
  });
  await must("PUT", `/resource_providers/${CHILD}/aggregates`, {
    resource_provider_generation: 1,
    aggregates: AGGREGATES,
  });
  begin();
  await taskLambda(writePages, async () => api.runtime)({});
  const forms = await steps.forms();
  await api.close();
  return forms
    .filter(({ pk }) => pk?.S?.startsWith("PAGES#"))
    .map((form) => ({ ...form, d: { B: inflateSync(form["d"]?.B ?? new Uint8Array()) } }));
}

/** Consumers that one large change makes: two of its items stand for those of all of them. */
const FRESH = 31;

async function prepareReshape(steps: Steps) {
  await provider(steps, HOST, "host");
  await provider(steps, CHILD, "child", HOST);
  await steps.must("PUT", "/resource_classes/CUSTOM_A");
  await inventories(steps, HOST, { VCPU: { total: 200 } });
  const at = `/allocations/${consumer(1)}`;
  await steps.must("PUT", at, claimBody({ [HOST]: { VCPU: 1 } }, null));
  await steps.must("POST", "/consumers", {
    uuid: consumer(2),
    project_id: "project",
    user_id: "user",
    consumer_type: "INSTANCE",
  });
}

/** Makes consumers on one provider, whose claims do not depend on its revision. */
function claimMany({ api, begin }: Steps) {
  const claims = Array.from({ length: 34 }, (_, n) => [
    fresh(n),
    claimBody({ [HOST]: { VCPU: 1 } }, null),
  ]);
  begin();
  return api.request("POST", "/allocations", { body: Object.fromEntries(claims) });
}

/** Touches items of most kinds: some are made, some changed and some removed. */
function reshape({ api, begin }: Steps) {
  const made = Array.from({ length: FRESH }, (_, n) => [
    fresh(n),
    claimBody({ [CHILD]: { VCPU: 1 } }, null),
  ]);
  const body = {
    inventories: {
      [HOST]: {
        resource_provider_generation: 2,
        inventories: { VCPU: { total: 100 }, CUSTOM_A: { total: 10 } },
      },
      [CHILD]: { resource_provider_generation: 0, inventories: { VCPU: { total: 100 } } },
    },
    allocations: {
      [consumer(1)]: claimBody({ [CHILD]: { VCPU: 1 } }, 1),
      [consumer(2)]: claimBody({ [CHILD]: { VCPU: 2 } }, 0),
      ...Object.fromEntries(made),
    },
  };
  begin();
  const headers = { "idempotency-key": "large" };
  return api.request("POST", "/reshaper", { body, headers, roles: "service" });
}

const hasIntent = (form: Form) => form["mark"] !== undefined;
const isOfChange = ({ pk }: Form) => pk?.S?.startsWith("CHANGE") ?? false;

/** Without the items of all new consumers but the first. */
function someOf(forms: readonly Form[]): Form[] {
  const others = Array.from({ length: FRESH - 1 }, (_, n) => fresh(n + 1));
  return forms.filter(({ pk, sk }) => !others.some((uuid) => `${pk?.S} ${sk?.S}`.includes(uuid)));
}

/** A large change whose coordinator dies right before or right after it is committed. */
export async function large(when: "before" | "after"): Promise<Form[]> {
  const mortality = new Mortality();
  const steps = await startSteps({ connection: mortality.over });
  await prepareReshape(steps);
  const end = await mortality.during({ at: isCommit, when }, () => reshape(steps));
  expect(end).toBe("died");
  const forms = someOf(await steps.forms());
  await steps.api.close();
  return forms.filter((form) => hasIntent(form) || isOfChange(form));
}

/** An item that changed twice before its intent was written: the change locks it first. */
export async function locked(): Promise<Form[]> {
  const mortality = new Mortality();
  let move: (() => Promise<void>) | undefined;
  const writesIntent = ({ command, keys }: Call) =>
    command === "TransactWrite" &&
    keys[0]?.pk === "CHANGES" &&
    keys.some(({ sk }) => sk.startsWith("H#"));
  const steps = await startSteps({
    connection: (connection) =>
      mortality.over(
        interpose(connection, async (call) => {
          if (writesIntent(call)) await move?.();
          return call.send();
        }),
      ),
  });
  await prepareReshape(steps);
  const { client, tableName } = steps.api;
  const sk = `H#${HOST}`;
  const stored = (await steps.api.items()).find((item) => item.sk === sk);
  const revision = Number(stored?.["r"]);
  let moves = 0;
  move = async () => {
    if (moves === 2) return;
    moves += 1;
    await client.send(bump(tableName, { pk: stored?.pk ?? "", sk }, revision + moves));
  };
  // The transactions of the first portion: two that meet a moved item, the one that locks it,
  // and the one that would write an intent to a locked item.
  let sent = 0;
  const isFourth = (call: Call) => {
    if (writesIntent(call)) sent += 1;
    return sent === 4;
  };
  const end = await mortality.during({ at: isFourth, when: "before" }, () => claimMany(steps));
  expect([end, moves]).toEqual(["died", 2]);
  const forms = await steps.forms();
  await steps.api.close();
  return forms.filter((form) => hasIntent(form) && form["sk"]?.S === sk);
}

function bump(tableName: string, key: { pk: string; sk: string }, revision: number) {
  return new UpdateCommand({
    TableName: tableName,
    Key: key,
    UpdateExpression: "SET #r = :r",
    ExpressionAttributeNames: { "#r": "r" },
    ExpressionAttributeValues: { ":r": revision },
  });
}

/** Written on the embedded engine, without request tokens; with notes that were taken, and one that was not. */
export async function attempts(): Promise<Form[]> {
  const steps = await startSteps({ repeats: "attempts", events: "left" });
  await provider(steps, HOST, "host");
  await feedAll(steps.api);
  await inventories(steps, HOST, { VCPU: { total: 64 } });
  const forms = await steps.forms();
  await steps.api.close();
  return forms.filter(({ pk }) => pk?.S === "ATTEMPTS");
}
