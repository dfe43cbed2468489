/** The client has pages and bulk reads from the operations list: over HTTP, and by direct invocation. */
import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { operations } from "../../functions/index.ts";
import { PlacementClient } from "../../lib/client/index.ts";
import { byInvocation } from "../../lib/client/lambda.ts";
import { clientOf, losing } from "../support/client.ts";
import { lambdaOf } from "../support/direct.ts";
import { useApi } from "../support/frame.ts";
import { claim, makeProvider } from "../support/world.ts";

const api = useApi();
const consumer = randomUUID();
let host = "";

beforeAll(async () => {
  host = await makeProvider(api, { VCPU: 4 });
  await makeProvider(api);
  await claim(api, consumer, { [host]: { VCPU: 1 } });
});

const directly = () => {
  const lambda = lambdaOf(api, "placement", operations);
  const transport = byInvocation({ lambda, functions: "placement", caller: "walker" });
  return new PlacementClient({ transport, version: "1.39" });
};

test.each([
  ["over HTTP", () => clientOf(api.url).client],
  ["by direct invocation", directly],
] as const)("%s", async (_, make) => {
  const client = make();
  const many = Array.from({ length: 240 }, () => randomUUID());
  const list = await client.call("resource-providers/list", {
    parameters: { uuid: `in:${[...many, host].join(",")}`, include: "usages", limit: "5" },
  });
  expect(list.body.next_marker).toBeNull();
  expect(list.body.resource_providers[0]?.included?.usages?.usages).toEqual({ VCPU: 1 });
  const { body: first } = await client.call("resource-providers/list", {
    parameters: { limit: "1" },
  });
  const { body: second } = await client.call("resource-providers/list", {
    parameters: { limit: "1", marker: first.next_marker ?? "" },
  });
  const walked = [...first.resource_providers, ...second.resource_providers];
  expect(walked.map(({ uuid }) => uuid)).toContain(host);
  expect([walked.length, second.next_marker]).toEqual([2, null]);
  const holders = await client.call("allocations/list-by-provider", {
    parameters: { uuid: host, limit: "5" },
  });
  expect(Object.keys(holders.body.allocations)).toEqual([consumer]);
  const held = await client.call("allocations/list", {
    parameters: { consumer_uuid: `in:${consumer}` },
  });
  expect(held.body.consumers[consumer]?.allocations[host]?.resources).toEqual({ VCPU: 1 });
  const found = await client.call("allocation-candidates/list-query", {
    body: { query: `resources=VCPU:1&in_tree=${host}` },
  });
  expect(Object.keys(found.body.provider_summaries)).toEqual([host]);
});

test("a POST that only reads is repeated after a lost answer, without a key", async () => {
  const { client, sent } = clientOf(api.url, losing(1));
  const found = await client.call("allocation-candidates/list-query", {
    body: { query: "resources=VCPU:1" },
    idempotencyKey: "ignored",
  });
  expect(found.status).toBe(200);
  expect(sent.map(({ method, headers }) => [method, headers["idempotency-key"]])).toEqual([
    ["POST", undefined],
    ["POST", undefined],
  ]);
});
