/** A host whose consumers all move to another provider and back, each time in one large change. */
import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { finishChanges } from "../../functions/maintenance/finish-changes.ts";
import { taskLambda } from "../../lib/api/task.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import type { SweepReport } from "../../lib/store/large-changes/sweep.ts";
import type { Api, Item } from "./api.ts";
import type { HttpAnswer } from "./http-client.ts";
import { brokenInvariants } from "./invariants.ts";
import { randomUuid } from "./uuids.ts";
import { claimBody, makeProvider, type Requester, readProvider } from "./world.ts";

export interface LargeWorld {
  /** The consumers are on one of them, which alone has inventory. */
  readonly sides: readonly [Uuid, Uuid];
  readonly consumers: readonly Uuid[];
  readonly project: string;
}

export interface Position {
  /** Which of the sides holds the consumers. */
  readonly side: 0 | 1;
  readonly consumerGeneration: number;
}

export const AMOUNT = 2;

/** Three items for each consumer that moves, and both providers. */
export async function makeLargeWorld(server: Requester, count = 33): Promise<LargeWorld> {
  const total = count * AMOUNT;
  const first = await makeProvider(server, { VCPU: total });
  const second = await makeProvider(server, {}, { parent: first });
  const consumers = Array.from({ length: count }, () => randomUuid());
  const project = `project-${randomUUID()}`;
  const claims = consumers.map((consumer) => [
    consumer,
    { ...claimBody({ [first]: { VCPU: AMOUNT } }, null), project_id: project },
  ]);
  for (let from = 0; from < claims.length; from += 30) {
    const body = Object.fromEntries(claims.slice(from, from + 30));
    expect((await server.request("POST", "/allocations", { body })).status).toBe(204);
  }
  return { sides: [first, second], consumers, project };
}

/** Moves all consumers, and the inventory with them, to the other side. */
export async function reshapeBody(
  server: Requester,
  world: LargeWorld,
  { side, consumerGeneration }: Position,
) {
  const { sides, consumers, project } = world;
  const [from, to] = [sides[side], sides[side === 0 ? 1 : 0]];
  const [here, there] = [await readProvider(server, from), await readProvider(server, to)];
  const total = consumers.length * AMOUNT;
  const moved = claimBody({ [to]: { VCPU: AMOUNT } }, consumerGeneration);
  return {
    inventories: {
      [from]: { resource_provider_generation: here.generation, inventories: {} },
      [to]: {
        resource_provider_generation: there.generation,
        inventories: { VCPU: { total } },
      },
    },
    allocations: Object.fromEntries(
      consumers.map((consumer) => [consumer, { ...moved, project_id: project }]),
    ),
  };
}

/**
 * Where the consumers are, after every reader was asked.
 * @throws if a reader sees some here and some there
 */
export async function readPosition(server: Requester, world: LargeWorld): Promise<Position> {
  const { sides, consumers, project } = world;
  const total = consumers.length * AMOUNT;
  const lists = await Promise.all(
    sides.map((provider) => server.request("GET", `/resource_providers/${provider}/allocations`)),
  );
  const held = lists.map(({ body }) => Object.keys(body.allocations).length);
  expect(held).toContain(0);
  expect(held).toContain(consumers.length);
  const side = held[0] === 0 ? 1 : 0;
  const holders = Object.values(
    lists[side]?.body.allocations as Record<Uuid, { consumer_generation: number }>,
  );
  const generations = new Set(holders.map((each) => each.consumer_generation));
  expect(generations.size).toBe(1);
  const [consumerGeneration = 0] = generations;
  const usages = await server.request("GET", `/usages?project_id=${project}`);
  expect(usages.body.usages).toEqual({
    INSTANCE: { consumer_count: consumers.length, VCPU: total },
  });
  for (const [index, provider] of sides.entries()) {
    const { body } = await server.request("GET", `/resource_providers/${provider}/usages`);
    expect(body.usages).toEqual(index === side ? { VCPU: total } : {});
  }
  for (const consumer of [consumers[0], consumers.at(-1)]) {
    const { body } = await server.request("GET", `/allocations/${consumer}`);
    expect(Object.keys(body.allocations)).toEqual([sides[side]]);
    expect(body.consumer_generation).toBe(consumerGeneration);
  }
  return { side, consumerGeneration };
}

/** A write of items of every kind that have intents: some of the consumers' generations are raised. */
export async function touch(server: Requester, world: LargeWorld): Promise<HttpAnswer> {
  const { side, consumerGeneration } = await readPosition(server, world);
  const body = Object.fromEntries(
    world.consumers.map((consumer) => [
      consumer,
      {
        ...claimBody({ [world.sides[side]]: { VCPU: AMOUNT } }, consumerGeneration),
        project_id: world.project,
      },
    ]),
  );
  return server.request("POST", "/allocations", { body });
}

export function sweep(server: Api, batchSize = 50): Promise<SweepReport> {
  const task = taskLambda(finishChanges, async () => server.runtime);
  return task({ batch_size: batchSize }) as Promise<SweepReport>;
}

/** Items of large changes that are not over. */
export function remains(items: readonly Item[]): string[] {
  const own = items.filter(({ pk, sk }) => pk.startsWith("CHANGE") && sk !== "COMMITTED");
  const index = items.filter(({ pk, sk }) => pk === "CHANGES" && sk === "COMMITTED");
  const waiting = index.flatMap((item) => Object.keys(item).filter((name) => name.length > 2));
  return [...own.map(({ pk, sk }) => `${pk} ${sk}`), ...waiting];
}

/** No item has an intent, nothing is left of any change, and every sum is right. */
export async function expectWhole(server: Api): Promise<void> {
  const items = await server.items();
  expect(remains(items)).toEqual([]);
  expect(brokenInvariants(items)).toEqual([]);
}
