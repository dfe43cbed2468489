/** A table of a newer format is not touched by this release. */

import { randomUUID } from "node:crypto";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { beforeAll, expect, test } from "vitest";
import { rebuildRecords } from "../../functions/maintenance/rebuild-records.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { FORMAT, META_KEY } from "../../lib/store/items/table-format.ts";
import { startApi } from "../support/api.ts";
import { useApi } from "../support/frame.ts";
import { claimBody, detailOf, OWNER } from "../support/world.ts";

const uuid = randomUUID();
const at = `/resource_providers/${uuid}`;
const held = { [uuid]: { VCPU: 1 } };
const api = useApi();

async function setFormat(format: number): Promise<void> {
  const { client, tableName } = api;
  await client.send(new PutCommand({ TableName: tableName, Item: { ...META_KEY, format } }));
}

beforeAll(async () => {
  await setFormat(FORMAT + 1);
});

const REQUESTS: [string, string, unknown?][] = [
  ["GET", "/resource_providers"],
  ["POST", "/resource_providers", { name: "provider" }],
  ["GET", at],
  ["PUT", at, { name: "provider" }],
  ["DELETE", at],
  ["GET", `${at}/inventories`],
  ["POST", `${at}/inventories`, { resource_class: "VCPU", total: 1 }],
  ["PUT", `${at}/inventories`, { resource_provider_generation: 0, inventories: {} }],
  ["DELETE", `${at}/inventories`],
  ["GET", `${at}/inventories/VCPU`],
  ["PUT", `${at}/inventories/VCPU`, { resource_provider_generation: 0, total: 1 }],
  ["DELETE", `${at}/inventories/VCPU`],
  ["GET", `${at}/usages`],
  ["GET", `${at}/allocations`],
  ["GET", "/usages?project_id=project"],
  ["GET", `/allocations/${uuid}`],
  ["PUT", `/allocations/${uuid}`, claimBody(held, null)],
  ["DELETE", `/allocations/${uuid}`],
  ["POST", "/allocations", { [uuid]: claimBody(held, null) }],
  ["GET", "/consumers?project_id=project"],
  ["GET", "/consumers?idle_for=0"],
  ["POST", "/consumers", { uuid, ...OWNER }],
  ["GET", `/consumers/${uuid}`],
  ["PUT", `/consumers/${uuid}`, { ...OWNER, consumer_generation: 0 }],
  ["POST", `/consumers/${uuid}/generation`, { consumer_generation: 0 }],
  ["DELETE", `/consumers/${uuid}?generation=0`],
  ["GET", "/resource_classes"],
  ["POST", "/resource_classes", { name: "CUSTOM_NEW" }],
  ["PUT", "/resource_classes/CUSTOM_NEW"],
  ["GET", "/resource_classes/CUSTOM_NEW"],
  ["DELETE", "/resource_classes/CUSTOM_NEW"],
];

test.each(REQUESTS)("%s %s is refused on a table of a newer format", async (method, path, body) => {
  const before = await api.items();
  const answer = await api.request(method, path, body === undefined ? {} : { body });
  expect(answer.status).toBe(503);
  expect(answer.headers).not.toHaveProperty("retry-after");
  expect(detailOf(answer)).toContain(
    `The table has format ${FORMAT + 1} and this release knows format ${FORMAT}`,
  );
  expect(await api.items()).toEqual(before);
});

test("a task refuses a table of a newer format", async () => {
  const task = taskLambda(rebuildRecords, async () => api.runtime);
  await expect(task({})).rejects.toThrow("deploy a newer release");
});

test("the root document needs no table", async () => {
  expect((await api.request("GET", "/")).status).toBe(200);
});

test("a server that refused a newer format serves once the format is its own", async () => {
  const again = await startApi({ tableName: api.tableName });
  expect((await again.request("GET", "/resource_providers")).status).toBe(503);
  await setFormat(FORMAT);
  expect((await again.request("GET", "/resource_providers")).status).toBe(200);
  await setFormat(FORMAT + 1);
  await again.close();
});
