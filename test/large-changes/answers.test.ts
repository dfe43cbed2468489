/** An answer of many items in the middle of which a large change is made shows none or all of it. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Uuid } from "../../lib/model/uuid.ts";
import { allocationsPk } from "../../lib/store/items/holder.ts";
import { projectPk } from "../../lib/store/items/project-consumer.ts";
import { type Api, startApi } from "../support/api.ts";
import { interpose } from "../support/interpose.ts";
import { claimBody, makeProvider, OWNER } from "../support/world.ts";

/** More items than one transaction holds. */
const CONSUMERS = 40;
const consumers = Array.from({ length: CONSUMERS }, () => randomUUID());
let quick: Api;
let slow: Api;
let provider: Uuid;
/** What happens after the first page of the next query of that partition. */
let between: { readonly pk: string; act(): Promise<void> } | undefined;

beforeAll(async () => {
  quick = await startApi();
  slow = await startApi({
    tableName: quick.tableName,
    connection: (connection) =>
      interpose(connection, async (call) => {
        const values = call.input["ExpressionAttributeValues"] as
          | Record<string, unknown>
          | undefined;
        const plan = between;
        if (call.command !== "Query" || plan === undefined || values?.[":p"] !== plan.pk) {
          return call.send();
        }
        between = undefined;
        Object.assign(call.input, { Limit: CONSUMERS / 2 });
        const page = await call.send();
        await plan.act();
        return page;
      }),
  });
  provider = await makeProvider(quick, { VCPU: 10 * CONSUMERS });
  await hold(1, null);
});
afterAll(async () => {
  await slow.close();
  await quick.close();
});

async function hold(amount: number, generation: number | null): Promise<void> {
  const bodies = consumers.map((uuid) => [
    uuid,
    claimBody({ [provider]: { VCPU: amount } }, generation),
  ]);
  const body = Object.fromEntries(bodies);
  expect((await quick.request("POST", "/allocations", { body })).status).toBe(204);
}

test("of what is held on a provider", async () => {
  between = { pk: allocationsPk(provider), act: () => hold(2, 1) };
  const { body } = await slow.request("GET", `/resource_providers/${provider}/allocations`);
  expect(between).toBeUndefined();
  const held = Object.values(body.allocations as Record<string, { resources: { VCPU: number } }>);
  expect(held).toHaveLength(CONSUMERS);
  expect(new Set(held.map(({ resources }) => resources.VCPU)).size).toBe(1);
});

test("of what a project uses", async () => {
  between = { pk: projectPk(OWNER.project_id), act: () => hold(4, 2) };
  const { body } = await slow.request("GET", `/usages?project_id=${OWNER.project_id}`);
  expect(between).toBeUndefined();
  expect([2 * CONSUMERS, 4 * CONSUMERS]).toContain(body.usages.INSTANCE.VCPU);
});
