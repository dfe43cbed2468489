/** GET /usages: what a project uses, by user and by consumer type. */
import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { makeProvider } from "../support/world.ts";

const api = useApi();

/** Project and user of each, with a type from 1.38, and how much it holds. */
const CONSUMERS = [
  { project_id: "p", user_id: "u", consumer_type: "INSTANCE", VCPU: 1 },
  { project_id: "p", user_id: "u", consumer_type: "INSTANCE", VCPU: 2, MEMORY_MB: 16 },
  { project_id: "p", user_id: "v", consumer_type: "VOLUME", DISK_GB: 4 },
  { project_id: "p", user_id: "v", VCPU: 8 },
  { project_id: "p2", user_id: "u", consumer_type: "INSTANCE", VCPU: 16 },
];

beforeAll(async () => {
  const provider = await makeProvider(api, { VCPU: 100, MEMORY_MB: 100, DISK_GB: 100 });
  for (const { project_id, user_id, consumer_type, ...resources } of CONSUMERS) {
    const allocations = { [provider]: { resources } };
    const own = { allocations, project_id, user_id, consumer_generation: null };
    const typed = consumer_type !== undefined;
    const { status } = await api.request("PUT", `/allocations/${randomUUID()}`, {
      body: typed ? { ...own, consumer_type } : own,
      version: typed ? "1.38" : "1.28",
    });
    expect(status).toBe(204);
  }
  const idle = { project_id: "p", user_id: "u", consumer_type: "INSTANCE" };
  expect((await api.request("POST", "/consumers", { body: idle })).status).toBe(201);
});

const usages = (query: string, version = "1.39") =>
  api.request("GET", `/usages?${query}`, { version });

test("is there from 1.9, summed by class up to 1.37", async () => {
  expectRefusal(await usages("project_id=p", "1.8"), { status: 404, code: null });
  for (const version of ["1.9", "1.37"]) {
    const { status, body } = await usages("project_id=p", version);
    expect([status, body]).toEqual([200, { usages: { VCPU: 11, MEMORY_MB: 16, DISK_GB: 4 } }]);
    const one = await usages("project_id=p&user_id=v", version);
    expect(one.body).toEqual({ usages: { VCPU: 8, DISK_GB: 4 } });
  }
});

const INSTANCE = { consumer_count: 2, VCPU: 3, MEMORY_MB: 16 };
const VOLUME = { consumer_count: 1, DISK_GB: 4 };
const UNKNOWN = { consumer_count: 1, VCPU: 8 };

test.each([
  ["project_id=p", { INSTANCE, VOLUME, unknown: UNKNOWN }],
  ["project_id=p&user_id=u", { INSTANCE }],
  ["project_id=p&consumer_type=VOLUME", { VOLUME }],
  ["project_id=p&consumer_type=unknown", { unknown: UNKNOWN }],
  [
    "project_id=p&consumer_type=all",
    { all: { consumer_count: 4, VCPU: 11, MEMORY_MB: 16, DISK_GB: 4 } },
  ],
  ["project_id=p&user_id=v&consumer_type=all", { all: { consumer_count: 2, VCPU: 8, DISK_GB: 4 } }],
  ["project_id=p&consumer_type=OTHER", {}],
  ["project_id=p&user_id=nobody&consumer_type=all", {}],
  ["project_id=nobody&consumer_type=unknown", {}],
  ["project_id=nobody", {}],
  ["project_id=p&consumer_type=allowed", {}],
  ["project_id=x&project_id=p2", { INSTANCE: { consumer_count: 1, VCPU: 16 } }],
  [`project_id=${"p".repeat(255)}`, {}],
])("from 1.38 by type: %s", async (query, expected) => {
  const { status, body } = await usages(query, "1.38");
  expect([status, body]).toEqual([200, { usages: expected }]);
});

test.each([
  ["", /'project_id' is a required property/],
  ["project_id=", /Failed validating 'minLength' in schema\['properties'\]\['project_id'\]/],
  [`project_id=${"p".repeat(256)}`, /Failed validating 'maxLength'/],
  ["project_id=p&user_id=", /\['user_id'\]/],
  ["project_id=p&consumer_type=instance", /\['consumer_type'\]/],
  ["project_id=p&consumer_type=", /\['consumer_type'\]/],
  ["project_id=p&colour=blue", /Additional properties are not allowed \('colour' was unexpected\)/],
])("%j is refused", async (query, message) => {
  const answer = await usages(query);
  expectRefusal(answer, { status: 400, message });
  expectRefusal(answer, { status: 400, message: /^Invalid query string parameters: / });
});

test("a type is unknown to the query below 1.38", async () => {
  const answer = await usages("project_id=p&consumer_type=INSTANCE", "1.37");
  expectRefusal(answer, { status: 400, message: /\('consumer_type' was unexpected\)/ });
});
