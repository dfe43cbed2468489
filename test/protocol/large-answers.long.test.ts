/** Every reading operation returns the complete answer, or refuses. */
import { randomUUID } from "node:crypto";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { beforeAll, describe, expect, test } from "vitest";
import { operations } from "../../functions/index.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { isRead, methodOf, pathOf } from "../../lib/api/operation.ts";
import { feedStreamed } from "../../lib/store/events/feed-stream.ts";
import { consumerEventKey, eventItem, providerEventKey } from "../../lib/store/items/event.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { fleetUuid } from "../support/fleet.ts";
import { useApi } from "../support/frame.ts";
import type { HttpAnswer } from "../support/http-client.ts";
import { lambdaContext } from "../support/lambda-context.ts";
import {
  AGGREGATES,
  CHILDREN,
  CLASSES,
  CONSUMER,
  HOSTS,
  IDLE_PROJECT,
  INVENTORIES,
  PAGE,
  PROJECT,
  SPECIAL,
  STORE,
  seedLargeFleet,
  TRAITS,
} from "../support/large-fleet.ts";
import { uuidOf } from "../support/uuids.ts";

const LIMIT = 6_291_456;
const PROVIDERS = HOSTS * (CHILDREN + 1) + 2;

interface Read {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** How much of it there is in an answer, and in all. */
  readonly count: (body: HttpAnswer["body"]) => number;
  readonly all: number;
}

const keys = (value: object) => Object.keys(value).length;
const host = { uuid: fleetUuid(1, 0) };
const found = (body: HttpAnswer["body"]) => body.allocation_requests.length;
const devices = { resources: "VCPU:1,VGPU:1" };

/** More than a function can return without compression. */
const BEYOND: Readonly<Record<string, readonly Read[]>> = {
  "resource-providers/list": [
    { count: ({ resource_providers }) => resource_providers.length, all: PROVIDERS },
    {
      query: { include: "inventories,usages,traits,aggregates" },
      count: ({ resource_providers }) => resource_providers.length,
      all: PROVIDERS,
    },
  ],
  "traits/list": [
    { query: { name: "startswith:CUSTOM" }, count: ({ traits }) => traits.length, all: TRAITS },
  ],
  "resource-classes/list": [
    {
      count: ({ resource_classes }) =>
        resource_classes.filter(({ name }: { name: string }) => name.startsWith("CUSTOM")).length,
      all: CLASSES,
    },
  ],
  "provider-traits/list": [
    { params: { uuid: SPECIAL }, count: ({ traits }) => traits.length, all: TRAITS },
  ],
  "allocations/list-by-provider": [
    { params: host, count: ({ allocations }) => keys(allocations), all: 3 },
  ],
  "allocations/show": [
    {
      params: { consumer_uuid: CONSUMER },
      count: ({ allocations }) => keys(allocations[host.uuid].resources) * keys(allocations),
      all: 3 * CLASSES,
    },
  ],
  "allocations/list": [
    {
      query: { consumer_uuid: CONSUMER },
      count: ({ consumers: { [CONSUMER]: one } }) =>
        keys(one.allocations[host.uuid].resources) * keys(one.allocations),
      all: 3 * CLASSES,
    },
  ],
  "usages/show": [
    {
      query: { project_id: PROJECT },
      count: ({ usages }) => keys(usages.TYPE_0) - 1 + keys(usages.TYPE_2) - 1,
      all: 2 * CLASSES,
    },
  ],
  "metrics/list": [
    {
      count: (text) => String(text).match(/^openstack_placement_resource_total\{/gm)?.length ?? 0,
      all: HOSTS * (CHILDREN + 1) + 1 + INVENTORIES,
    },
  ],
  "allocation-candidates/list": [
    { query: { ...devices, limit: "1000" }, count: found, all: 1_000 },
    { query: devices, count: found, all: HOSTS * CHILDREN },
    { query: { resources: "VCPU:1", in_tree: SPECIAL }, count: found, all: 1 },
  ],
  "allocation-candidates/list-query": [
    { body: { query: `${new URLSearchParams(devices)}&limit=1000` }, count: found, all: 1_000 },
  ],
};

/** 49 characters in JSON, with the comma. */
const TRAIT = `CUSTOM_${"T".repeat(39)}`;
const DAY = 86_400_000;
/** Of 93 KB each: with the last one a page has more than 2 MB. */
const EVENTS_OF_A_PAGE = 22;

/** As much as there can be: pages, items of 400 KB and bodies have bounds of their own. */
const WITHIN: Readonly<Record<string, Read>> = {
  "inventories/list": {
    params: { uuid: STORE },
    count: ({ inventories }) => keys(inventories),
    all: INVENTORIES,
  },
  "usages/show-by-provider": {
    params: { uuid: STORE },
    count: ({ usages }) => keys(usages),
    all: INVENTORIES,
  },
  "aggregates/list": {
    params: { uuid: STORE },
    count: ({ aggregates }) => aggregates.length,
    all: AGGREGATES,
  },
  "consumers/list": {
    query: { project_id: IDLE_PROJECT, limit: String(PAGE) },
    count: ({ consumers }) => consumers.length,
    all: PAGE,
  },
  "history/show-by-provider": {
    params: { uuid: STORE },
    query: { limit: "100" },
    count: ({ events }) => events.length,
    all: EVENTS_OF_A_PAGE,
  },
  "history/show-by-consumer": {
    params: { consumer_uuid: CONSUMER },
    query: { limit: "100" },
    count: ({ events }) => events.length,
    all: EVENTS_OF_A_PAGE,
  },
  "events/follow": {
    query: { limit: "1000" },
    count: ({ events }) => events.length,
    all: EVENTS_OF_A_PAGE,
  },
  "openapi/show": { count: ({ paths }) => keys(paths), all: keys(pathsOfOperations()) },
};

/** Shows one thing, whose parts all have a maximal length. */
const ONE_THING = [
  "root/show",
  "resource-providers/show",
  "inventories/show",
  "resource-classes/show",
  "traits/show",
  "consumers/show",
  "status/show",
];

function pathsOfOperations(): Record<string, true> {
  return Object.fromEntries(operations.map((operation) => [pathOf(operation), true]));
}

// Its tables are written without the API, and too large to verify in the time of a hook.
const api = useApi({ verified: "never" });

/** Large events of a provider and of a consumer, more than a page tells. */
async function seedEvents(): Promise<void> {
  const { client, tableName: TableName } = api;
  const now = Date.now();
  const [provider, consumer] = [uuidOf(STORE), uuidOf(CONSUMER)];
  const changes = { traits: { before: [], after: Array.from({ length: 1_900 }, () => TRAIT) } };
  const given = {
    ...{ generationBefore: 1, generationAfter: 2, changes, truncated: false, project: null },
    ...({ caller: null, requestId: null, time: now, cause: "request", change: undefined } as const),
  };
  for (let number = 0; number < 2 * EVENTS_OF_A_PAGE; number += 1) {
    const life = { created: now, id: randomUUID() };
    const part = { generation: number, part: [] } as const;
    const items = [
      eventItem(
        providerEventKey(provider, now + number, { plan: 0, operation: randomUUID() }),
        { event: "placement.traits.update", subject: provider, ...given },
        now + DAY,
      ),
      eventItem(
        consumerEventKey(consumer, life, part),
        { event: "placement.allocation.update", subject: consumer, ...given },
        now + DAY,
      ),
    ];
    for (const Item of items) await client.send(new PutCommand({ TableName, Item }));
    const deadline = Date.now() + 10_000;
    await feedStreamed(api.runtime.openStore({ access: WRITING, deadline }), items);
  }
}

beforeAll(async () => {
  await seedLargeFleet(api);
  await seedEvents();
}, 300_000);

const operationOf = (id: string) => {
  const operation = operations.find((each) => each.id === id);
  if (operation === undefined) throw new Error(`there is no ${id}`);
  return operation;
};

function ask(id: string, { params = {}, query = {}, body }: Read, headers = {}) {
  const path = pathOf(operationOf(id)).replaceAll(/\{(\w+)\}/g, (_, name) => params[name] ?? "");
  const given = { headers, ...(body === undefined ? {} : { body }) };
  const method = methodOf(operationOf(id));
  return api.request(method, `${path}?${new URLSearchParams(query)}`, given);
}

/** The result as Lambda passes it on, in bytes, and parsed. */
async function invoke(id: string, { params = {}, query = {}, body }: Read) {
  const handler = lambda(operationOf(id), async () => api.runtime);
  const event = { version: "1.39", parameters: { ...params, ...query }, body };
  const text = JSON.stringify(await handler(event, lambdaContext("direct")));
  return { bytes: Buffer.byteLength(text), result: JSON.parse(text) };
}

const gzip = { "accept-encoding": "gzip" };

test("every operation that reads is looked at", () => {
  const reads = operations.filter(isRead);
  const known = [...Object.keys(BEYOND), ...Object.keys(WITHIN), ...ONE_THING];
  expect(known.sort()).toEqual(reads.map(({ id }) => id).sort());
});

const cases = Object.entries(BEYOND).flatMap(([id, reads]) =>
  reads.map((read) => ({ id, asked: new URLSearchParams(read.query).toString(), read })),
);

describe.each(cases)("$id $asked", ({ id, read }) => {
  test("is refused as too large for clients that do not accept gzip", async () => {
    const { status, body, headers } = await ask(id, read);
    expect([status, body.errors?.[0].code]).toEqual([400, "placement.answer_too_large"]);
    expect(headers["vary"]).toBe("openstack-api-version, accept-encoding");
  }, 60_000);

  test("is complete for clients that do", async () => {
    const { status, body, headers } = await ask(id, read, gzip);
    expect(status, JSON.stringify(body).slice(0, 500)).toBe(200);
    expect(headers["content-encoding"]).toBe("gzip");
    expect(headers).not.toHaveProperty("x-placement-truncated");
    expect(read.count(body)).toBe(read.all);
  }, 60_000);

  test("is refused as too large for a direct caller", async () => {
    const { result } = await invoke(id, read);
    expect([result.status, result.body.errors?.[0].code]).toEqual([
      400,
      "placement.answer_too_large",
    ]);
  }, 60_000);
});

describe.each(Object.entries(WITHIN))("%s", (id, read) => {
  test("is complete for everybody", async () => {
    const { status, body } = await ask(id, read);
    expect(status).toBe(200);
    expect(read.count(body)).toBe(read.all);
    const { bytes, result } = await invoke(id, read);
    expect(read.count(result.body)).toBe(read.all);
    expect(bytes).toBeLessThan(LIMIT);
  }, 60_000);
});
