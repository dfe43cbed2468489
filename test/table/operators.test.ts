/** An expression beyond DynamoDB's limits is refused as too large, and never sent. */
import { randomUUID } from "node:crypto";
import { afterEach, beforeAll, expect, test } from "vitest";
import { STANDARD_CLASS_NAMES } from "../../lib/model/standard-classes.ts";
import { useApi } from "../support/frame.ts";
import { brokenInvariants } from "../support/invariants.ts";
import { claim, detailOf, putInventories } from "../support/world.ts";

/** Classes of one provider that one claim can name. */
const MOST = 37;
const api = useApi();
let provider: string;
const standard = [...STANDARD_CLASS_NAMES.values()];
const custom = Array.from({ length: 60 }, (_, index) => `CUSTOM_OPERATOR_${index}`);
const classes = [...standard, ...custom];

beforeAll(async () => {
  for (const name of custom) await api.request("PUT", `/resource_classes/${name}`);
  const made = await api.request("POST", "/resource_providers", { body: { name: "wide" } });
  provider = made.body.uuid;
  expect((await putInventories(api, provider, 0, amounts(60, 10))).status).toBe(200);
});
afterEach(async () => {
  expect(brokenInvariants(await api.items())).toEqual([]);
});

const amounts = (length: number, each: number) =>
  Object.fromEntries(classes.slice(0, length).map((name) => [name, each]));

test(`a claim of ${MOST} classes passes, all standard ones among them; one more is 400`, async () => {
  expect(MOST).toBeGreaterThan(standard.length);
  const consumer = randomUUID();
  expect((await claim(api, consumer, { [provider]: amounts(MOST, 1) })).status).toBe(204);
  const before = await api.items();
  const refused = await claim(api, randomUUID(), { [provider]: amounts(MOST + 1, 1) });
  expect(refused.status).toBe(400);
  expect(detailOf(refused)).toContain("Nothing was written");
  const raised = await claim(api, consumer, { [provider]: amounts(60, 2) }, 1);
  expect(raised.status).toBe(400);
  expect(await api.items()).toEqual(before);
  expect((await api.request("DELETE", `/allocations/${consumer}`)).status).toBe(204);
});

test.each([
  ["POST /allocations", "/allocations", (body: object) => ({ [randomUUID()]: body })],
  [
    "the reshaper",
    "/reshaper",
    (body: object) => ({ inventories: {}, allocations: { [randomUUID()]: body } }),
  ],
])("%s of more is 400, and nothing is written", async (_, path, bodyOf) => {
  const before = await api.items();
  const body = bodyOf({
    allocations: { [provider]: { resources: amounts(60, 1) } },
    consumer_generation: null,
    project_id: "p",
    user_id: "u",
    consumer_type: "INSTANCE",
  });
  const answer = await api.request("POST", path, { body, roles: "admin,service" });
  expect(answer.status).toBe(400);
  expect(await api.items()).toEqual(before);
});

test("inventories are set of as many classes as fit, or refused whole", async () => {
  const made = await api.request("POST", "/resource_providers", { body: { name: "wider" } });
  const uuid = made.body.uuid;
  const outcomes = new Set<number>();
  let generation = 0;
  for (const length of [0, 60, 78, 0]) {
    const before = await api.items();
    const answer = await putInventories(api, uuid, generation, amounts(length, 10));
    outcomes.add(answer.status);
    expect([200, 400], JSON.stringify(answer.body)).toContain(answer.status);
    if (answer.status === 200) generation += 1;
    else expect(await api.items()).toEqual(before);
  }
  expect(outcomes).toContain(200);
});
