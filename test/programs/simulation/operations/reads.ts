/** Reads, and what the world shows to them. */
import type { Answer, Entries, ReadOperation } from "../operation.ts";
import { capacity, holders, used, type World } from "../world.ts";
import { rootOf } from "./providers.ts";

/** JSON with the keys of all objects in order. */
export function text(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => {
    if (typeof each !== "object" || each === null || Array.isArray(each)) return each;
    return Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

const one = (value: unknown): Entries => new Map([["", text(value)]]);

/** Answers come from one item, so that they are of one moment. */
function readOfOne(
  name: string,
  path: string,
  parts: { shows(world: World): unknown; from(body: Answer["body"]): unknown },
): ReadOperation {
  return {
    kind: "read",
    name,
    request: { method: "GET", path },
    expected: (world) => {
      const shown = parts.shows(world);
      return shown === undefined ? undefined : one(shown);
    },
    shown: ({ body }) => one(parts.from(body)),
  };
}

export function readConsumerAllocations(uuid: string): ReadOperation {
  return readOfOne("show allocations", `/allocations/${uuid}`, {
    shows: ({ consumers }) => {
      const consumer = consumers.get(uuid);
      if (consumer === undefined) return { allocations: {} };
      const { generation, project, user, type, allocations } = consumer;
      return { allocations, generation, project, user, type: type ?? "unknown" };
    },
    from: (body) => {
      const held = Object.entries(body.allocations as Record<string, { resources: object }>);
      const allocations = Object.fromEntries(
        held.map(([provider, { resources }]) => [provider, resources]),
      );
      if (body.consumer_generation === undefined) return { allocations };
      return {
        allocations,
        generation: body.consumer_generation,
        project: body.project_id,
        user: body.user_id,
        type: body.consumer_type,
      };
    },
  });
}

export function readInventories(uuid: string): ReadOperation {
  return readOfOne("list inventories", `/resource_providers/${uuid}/inventories`, {
    shows: ({ providers }) => {
      const provider = providers.get(uuid);
      return provider && { generation: provider.generation, inventories: provider.inventories };
    },
    from: (body) => ({
      generation: body.resource_provider_generation,
      inventories: body.inventories,
    }),
  });
}

export function readProviderUsages(uuid: string): ReadOperation {
  return readOfOne("show usages", `/resource_providers/${uuid}/usages`, {
    shows: (world) => {
      const provider = world.providers.get(uuid);
      if (provider === undefined) return undefined;
      const names = Object.keys(provider.inventories);
      const usages = Object.fromEntries(names.map((name) => [name, used(world, uuid, name)]));
      return { generation: provider.generation, usages };
    },
    from: (body) => ({ generation: body.resource_provider_generation, usages: body.usages }),
  });
}

export function readProvider(uuid: string): ReadOperation {
  return readOfOne("show provider", `/resource_providers/${uuid}`, {
    shows: (world) => providerShown(world, uuid),
    from: providerFrom,
  });
}

export function readTraits(uuid: string): ReadOperation {
  return readOfOne("list traits of a provider", `/resource_providers/${uuid}/traits`, {
    shows: ({ providers }) => {
      const provider = providers.get(uuid);
      return provider && { generation: provider.generation, traits: provider.traits };
    },
    from: (body) => ({
      generation: body.resource_provider_generation,
      traits: [...body.traits].sort(),
    }),
  });
}

function providerShown(world: World, uuid: string) {
  const provider = world.providers.get(uuid);
  if (provider === undefined) return undefined;
  const { name, parent, generation } = provider;
  return { name, parent, generation, root: rootOf(world, uuid) };
}

function providerFrom(body: Answer["body"]) {
  return {
    name: body.name,
    parent: body.parent_provider_uuid,
    generation: body.generation,
    root: body.root_provider_uuid,
  };
}

export function listProviders(): ReadOperation {
  return {
    kind: "read",
    name: "list providers",
    snapshot: true,
    request: { method: "GET", path: "/resource_providers" },
    expected: (world) =>
      new Map([...world.providers.keys()].map((uuid) => [uuid, text(providerShown(world, uuid))])),
    shown: ({ body }) =>
      new Map(
        body.resource_providers.map((each: Answer["body"]) => [
          each.uuid,
          text(providerFrom(each)),
        ]),
      ),
  };
}

export function listProviderAllocations(uuid: string): ReadOperation {
  return {
    kind: "read",
    name: "list allocations of a provider",
    request: { method: "GET", path: `/resource_providers/${uuid}/allocations` },
    expected: (world) => {
      if (!world.providers.has(uuid)) return undefined;
      return new Map(
        holders(world, uuid).map(([consumer, { generation, allocations }]) => [
          consumer,
          text({ generation, resources: allocations[uuid] }),
        ]),
      );
    },
    shown: ({ body }) => {
      const held = Object.entries(
        body.allocations as Record<string, { consumer_generation: number; resources: object }>,
      );
      return new Map(
        held.map(([consumer, { consumer_generation: generation, resources }]) => [
          consumer,
          text({ generation, resources }),
        ]),
      );
    },
  };
}

export function listConsumersOf(project: string): ReadOperation {
  return {
    kind: "read",
    name: "list consumers of a project",
    request: { method: "GET", path: `/consumers?project_id=${project}&limit=1000` },
    expected: ({ consumers }) =>
      new Map(
        [...consumers]
          .filter(([, consumer]) => consumer.project === project)
          .map(([uuid, { user, type }]) => [uuid, text({ user, type: type ?? "unknown" })]),
      ),
    shown: ({ body }) =>
      new Map(
        body.consumers.map((each: Answer["body"]) => [
          each.uuid,
          text({ user: each.user_id, type: each.consumer_type }),
        ]),
      ),
  };
}

/** From the snapshot that a warm function keeps: every change that was acknowledged is in it. */
export function findCandidates(name: string): ReadOperation {
  return {
    kind: "read",
    name: "find candidates",
    snapshot: true,
    request: { method: "GET", path: `/allocation_candidates?resources=${name}:1` },
    expected: (world) => {
      const fitting = [...world.providers].flatMap(([uuid, { inventories }]) => {
        const inventory = inventories[name];
        if (inventory === undefined) return [];
        const { min_unit: min, step_size: step } = inventory;
        const shown = { capacity: capacity(inventory), used: used(world, uuid, name) };
        const fits = min <= 1 && step === 1 && shown.capacity > shown.used;
        return fits ? [[uuid, text(shown)] as const] : [];
      });
      return new Map(fitting);
    },
    shown: ({ body }) =>
      new Map(
        body.allocation_requests.flatMap((request: Answer["body"]) =>
          Object.keys(request.allocations).map((uuid) => {
            const { capacity: room, used: taken } = body.provider_summaries[uuid].resources[name];
            return [uuid, text({ capacity: room, used: taken })];
          }),
        ),
      ),
  };
}
