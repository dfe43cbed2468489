/** The answer to a write always fits into a function's result: its content is bounded. */
import { expect, test } from "vitest";
import { operations } from "../../functions/index.ts";
import { LIMITS } from "../../lib/api/limits.ts";
import { isRead } from "../../lib/api/operation.ts";
import { MAX_INT, MAX_NAME } from "../../lib/api/schemas.ts";
import { inventoryAttribute } from "../../lib/store/items/hot.ts";
import { directly, madeOperation, overHttp } from "../support/invoke.ts";

/** Takes the most bytes of all characters: 7 in the JSON of a JSON. */
const WIDE = "\u0001";
const NAME = `CUSTOM_${"A".repeat(MAX_NAME - 7)}`;
const UUID = "urn:uuid:{a0000000-0000-4000-8000-000000000001}";
const ITEM_BYTES = 400 * 1_024;

const inventory = {
  total: MAX_INT,
  reserved: MAX_INT,
  min_unit: MAX_INT,
  max_unit: MAX_INT,
  step_size: MAX_INT,
  allocation_ratio: -Number.MAX_VALUE,
};

/**
 * How many inventories one item holds at most. DynamoDB counts a name by its bytes,
 * 1 for each member of a map, and 2 at least for a value; ids of custom classes have
 * five digits.
 */
function inventoriesOfItem(): number {
  const one = { total: 1, reserved: 0, minUnit: 1, maxUnit: 1, stepSize: 1, allocationRatio: 1 };
  const leaves = Object.keys(inventoryAttribute({ ...one, used: 0, free: 1 }));
  const least = "65536".length + 1 + leaves.reduce((sum, name) => sum + name.length + 1 + 2, 0);
  return Math.floor(ITEM_BYTES / least);
}

const many = <T>(count: number, value: T) => Array.from({ length: count }, () => value);
const numbered = (count: number, value: unknown) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `${NAME.slice(0, -6)}${String(index).padStart(6, "0")}`,
      value,
    ]),
  );
const generation = { resource_provider_generation: Number.MAX_SAFE_INTEGER };
const provider = {
  uuid: UUID,
  name: WIDE.repeat(200),
  generation: Number.MAX_SAFE_INTEGER,
  parent_provider_uuid: UUID,
  root_provider_uuid: UUID,
  links: many(6, { rel: "allocations", href: `/resource_providers/${UUID}/allocations` }),
};
const consumer = {
  uuid: UUID,
  consumer_generation: Number.MAX_SAFE_INTEGER,
  project_id: WIDE.repeat(MAX_NAME),
  user_id: WIDE.repeat(MAX_NAME),
  consumer_type: NAME,
  life: UUID,
  links: many(4, { rel: "allocations", href: `/allocations/${UUID}` }),
};

/** Whatever a query of 100,000 characters may ask for, for each consumer. */
const claimed = {
  uuid: UUID,
  consumer_generation: Number.MAX_SAFE_INTEGER,
  life: UUID,
  allocations: numbered(100, { resources: numbered(2, Number.MAX_SAFE_INTEGER) }),
  mappings: numbered(LIMITS.queryParameters, [UUID]),
};

/** The largest answer of each write that has one. */
const LARGEST: Readonly<Record<string, unknown>> = {
  "resource-providers/create": provider,
  "resource-providers/update": provider,
  "inventories/create": { ...generation, ...inventory },
  "inventories/update": { ...generation, ...inventory },
  "inventories/replace": { ...generation, inventories: numbered(inventoriesOfItem(), inventory) },
  "aggregates/replace": { ...generation, aggregates: many(LIMITS.bodyMembers, UUID) },
  "provider-traits/replace": { ...generation, traits: many(LIMITS.bodyMembers, NAME) },
  "resource-classes/update": { name: NAME, links: [{ rel: "self", href: NAME }] },
  "allocations/empty-provider": {
    released: many(500, {
      consumer_uuid: UUID,
      consumer_generation: Number.MAX_SAFE_INTEGER,
      project_id: WIDE.repeat(MAX_NAME),
      user_id: WIDE.repeat(MAX_NAME),
      consumer_type: NAME,
    }),
    more: true,
  },
  "consumers/create": consumer,
  "consumers/update": consumer,
  "consumers/raise-generation": consumer,
  "consumers/renew-lease": {
    ...consumer,
    expires_at: "+275760-09-13T00:00:00.000Z",
    lease_version: Number.MAX_SAFE_INTEGER,
  },
  "claims/create": { alternative: 7, tries: 60, consumers: many(16, claimed) },
};

test("every write that answers with a body is looked at", () => {
  const writes = operations.filter(
    (operation) =>
      !isRead(operation) &&
      Object.values(operation.answers ?? {}).some((byStatus) =>
        Object.values(byStatus).some((schema) => schema !== null),
      ),
  );
  expect(writes.map(({ id }) => id).sort()).toEqual(Object.keys(LARGEST).sort());
});

test.each(Object.entries(LARGEST))("the largest answer of %s is delivered", async (_, body) => {
  const operation = madeOperation(async () => ({ status: 200, body }), { route: "PUT /made" });
  const plain = await overHttp(operation);
  expect([plain.statusCode, plain.body]).toEqual([200, JSON.stringify(body)]);
  expect((await directly(operation)).status).toBe(200);
});
