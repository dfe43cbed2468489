/** The reshaper: inventories and allocations of many providers and consumers move together. */
import {
  type PlannedConsumer,
  type ProviderChange,
  planConsumer,
  providerChanges,
} from "../../model/claim.ts";
import type { Changed } from "../../model/history/changed.ts";
import { allocationsChanged } from "../../model/history/consumer-change.ts";
import { inventoryChanged } from "../../model/history/provider-change.ts";
import type { Inventory } from "../../model/inventory.ts";
import type { ProviderState } from "../../model/provider.ts";
import { AllocationProviderNotFound, claimRefused } from "../../model/refusals/consumers.ts";
import { InventoriesInUse } from "../../model/refusals/inventories.ts";
import {
  ReshapeClassNotFound,
  ReshapeGenerationConflict,
  ReshapeProviderNotFound,
} from "../../model/refusals/reshaper.ts";
import { misfits, type NewInventories, reshaped } from "../../model/reshape.ts";
import type { ClassId } from "../../model/standard-classes.ts";
import type { Uuid } from "../../model/uuid.ts";
import type { NameDirectory } from "../cache/names.ts";
import type { GuardedWrite } from "../changes/guarded-write.ts";
import { readConsumers } from "../consumers/change.ts";
import { stampOf } from "../consumers/stamp.ts";
import { consumerWrite, lookupWrites } from "../consumers/writes.ts";
import { customUseSums } from "../names/custom-uses.ts";
import { readStates } from "../providers/read.ts";
import type { Plan, Planner, Store } from "../store.ts";
import { Busy } from "../table/refusals.ts";
import { backOff } from "../table/retry.ts";
import { type KnownSteps, providerWrite } from "./claim-writes.ts";
import { type NamedClaim, stillAs, withIds } from "./claims.ts";
import { reshapeWrite } from "./reshape-write.ts";

/** The inventories that a provider is to have, by class name. */
export interface NamedInventories {
  readonly provider: Uuid;
  /** The client's. */
  readonly generation: number;
  readonly inventories: ReadonlyMap<string, Inventory>;
}

export interface ReshapeRequest {
  readonly inventories: readonly NamedInventories[];
  readonly claims: readonly NamedClaim[];
}

/** How often a refusal is checked again because its consumers changed meanwhile. */
const MAX_CHECKS = 8;

/**
 * @throws ReshapeProviderNotFound, ReshapeGenerationConflict, ConsumerGenerationConflict,
 *   AllocationProviderNotFound, ReshapeClassNotFound, ClaimRefused, InventoriesInUse
 */
export function reshaping(store: Store, request: ReshapeRequest): Planner<void> {
  const steps: KnownSteps = new Map();
  return async () => {
    for (let check = 1; check <= MAX_CHECKS; check += 1) {
      const world = await readWorld(store, request);
      const refusal = refusalOf(world);
      if (refusal === undefined) return planWrites(store, world, steps);
      if (await stillAs(store, world.planned)) throw refusal;
      if (!(await backOff(store, check))) break;
    }
    throw new Busy();
  };
}

/** All items that a request involves, as they were read. */
interface World {
  readonly planned: readonly PlannedConsumer[];
  readonly changes: readonly ProviderChange[];
  readonly states: ReadonlyMap<Uuid, ProviderState>;
  readonly wanted: ReadonlyMap<Uuid, { generation: number; inventories: NewInventories }>;
  readonly directory: NameDirectory;
  readonly now: number;
}

async function readWorld(store: Store, request: ReshapeRequest): Promise<World> {
  const { inventories, claims } = request;
  const classes = namesOf(request);
  const holders = claims.map(({ consumer }) => consumer);
  const before = await readConsumers(store, holders);
  const named = [
    ...inventories.map(({ provider }) => provider),
    ...claims.flatMap(({ allocations }) => [...allocations.keys()]),
  ];
  const held = [...before.values()].flatMap(({ allocations }) => [...allocations.keys()]);
  const uuids = [...new Set([...named, ...held])];
  const read = await readStates(store, uuids);
  const states = new Map<Uuid, ProviderState>();
  for (const state of read) if (state !== undefined) states.set(state.uuid, state);
  requireGenerations(inventories, states);
  const directory = await store.classes({
    names: classes,
    ids: [...states.values()].flatMap((state) => [...state.inventories.keys()]),
  });
  const stamp = stampOf(store);
  const planned = claims.map((claim, place) =>
    planConsumer(withIds(claim, directory), before.get(claim.consumer), stamp, place),
  );
  const missing = named.find((provider) => !states.has(provider));
  if (missing !== undefined) throw new AllocationProviderNotFound(missing);
  const unknown = classes.find((name) => directory.idOf(name) === undefined);
  if (unknown !== undefined) throw new ReshapeClassNotFound(unknown);
  const effective = planned.filter((each) => each.before ?? each.after);
  return {
    planned,
    changes: providerChanges(effective),
    states,
    wanted: wantedOf(inventories, directory),
    directory,
    now: stamp.now,
  };
}

function namesOf({ inventories, claims }: ReshapeRequest): string[] {
  return [
    ...inventories.flatMap((each) => [...each.inventories.keys()]),
    ...claims.flatMap(({ allocations }) =>
      [...allocations.values()].flatMap((resources) => [...resources.keys()]),
    ),
  ];
}

/** @throws ReshapeProviderNotFound, ReshapeGenerationConflict */
function requireGenerations(
  inventories: readonly NamedInventories[],
  states: ReadonlyMap<Uuid, ProviderState>,
): void {
  for (const { provider, generation } of inventories) {
    const state = states.get(provider);
    if (state === undefined) throw new ReshapeProviderNotFound(provider);
    if (state.generation !== generation) {
      throw new ReshapeGenerationConflict(provider, state.generation, generation);
    }
  }
}

function wantedOf(inventories: readonly NamedInventories[], directory: NameDirectory) {
  return new Map(
    inventories.map((each) => {
      const byId = [...each.inventories].map(
        ([name, inventory]) => [directory.idOf(name) ?? -1, inventory] as const,
      );
      return [each.provider, { generation: each.generation, inventories: new Map(byId) }];
    }),
  );
}

/** The first claim that does not fit, then the first class that is removed while it is used. */
function refusalOf({ changes, states, wanted, directory, now }: World): Error | undefined {
  const nameOf = (id: ClassId) => directory.nameOf(id) ?? String(id);
  const faults = changes.flatMap((change) => {
    const state = states.get(change.provider);
    if (state === undefined) return [];
    const inventories = wanted.get(change.provider)?.inventories;
    return misfits(state, inventories, change).map((misfit) => ({ ...misfit, uuid: state.uuid }));
  });
  const [first] = faults.sort((a, b) => a.order - b.order);
  if (first !== undefined) return claimRefused(first.fault, nameOf(first.class), first.uuid);
  for (const [provider, { inventories }] of wanted) {
    const state = states.get(provider);
    if (state === undefined) continue;
    const change = changes.find((each) => each.provider === provider);
    const { stillUsed } = reshaped(state, inventories, change, now);
    if (stillUsed.length > 0)
      return new InventoriesInUse("replace", stillUsed.map(nameOf), provider);
  }
  return undefined;
}

function planWrites(store: Store, world: World, steps: KnownSteps): Plan<void> {
  const { planned, changes, states, wanted, directory, now } = world;
  const nameOf = (id: ClassId) => directory.nameOf(id) ?? String(id);
  const uses = new Map<ClassId, number>();
  const changed: Changed[] = allocationsChanged(planned);
  const writes: GuardedWrite[] = planned.map(consumerWrite);
  for (const [provider, { generation, inventories }] of wanted) {
    const state = states.get(provider);
    if (state === undefined) continue;
    const change = changes.find((each) => each.provider === provider);
    const after = reshaped(state, inventories, change, now).state;
    writes.push(reshapeWrite(state, after, generation));
    changed.push(inventoryChanged(state, after));
    for (const id of after.inventories.keys()) {
      if (!state.inventories.has(id)) uses.set(id, (uses.get(id) ?? 0) + 1);
    }
    for (const id of state.inventories.keys()) {
      if (!after.inventories.has(id)) uses.set(id, (uses.get(id) ?? 0) - 1);
    }
  }
  for (const change of changes) {
    if (!wanted.has(change.provider)) writes.push(providerWrite(change, { steps, nameOf, now }));
  }
  writes.push(...customUseSums(directory, uses));
  for (const { before, after } of planned) {
    if (before ?? after) writes.push(...lookupWrites(before, after));
  }
  return { writes, result: undefined, changed, confirm: () => stillAs(store, planned) };
}
