/** What the makers of requests share: the providers and consumers of a round, and a client's knowledge of them. */
import type { Chance } from "../../../support/chance.ts";
import type { Operation, WriteOperation } from "../operation.ts";
import { applyClaims, type Claim, claimBody } from "../operations/claims.ts";
import type { Held, Inventory, World } from "../world.ts";

/** Everything that there may be in one round. */
export interface Cast {
  readonly providers: readonly string[];
  readonly consumers: readonly string[];
  /** Changed together, more at once than one transaction holds. */
  readonly crowd: readonly string[];
  readonly aggregates: readonly string[];
  /** A tree of providers apart: see `groves.ts`. In most rounds there is none. */
  readonly grove: readonly string[];
}

export interface Scene {
  readonly random: Chance;
  readonly cast: Cast;
  /** The client's knowledge, which may be out of date. */
  readonly world: World;
}

export type Maker = (scene: Scene) => Operation;

export const STANDARD = ["VCPU", "MEMORY_MB", "DISK_GB"];
export const CUSTOM = ["CUSTOM_A", "CUSTOM_B", "CUSTOM_C"];
export const TRAITS = ["HW_CPU_X86_AVX", "STORAGE_DISK_SSD", "CUSTOM_X", "CUSTOM_Y"];
export const PROJECTS = ["red", "green", "blue"];
export const USERS = ["ann", "bob"];
export const TYPES = ["INSTANCE", "MIGRATION"];

export const write = (
  name: string,
  request: WriteOperation["request"],
  apply: WriteOperation["apply"],
): WriteOperation => ({ kind: "write", name, request, apply });

export const path = (uuid: string, rest = "") => `/resource_providers/${uuid}${rest}`;

/** Mostly the right value, as far as the client knows. */
export function generationOf({ random, world }: Scene, consumer: string): number | null {
  const known = world.consumers.get(consumer)?.generation ?? null;
  return random.below(12) === 0 ? random.pick([null, 0, 1, 2]) : known;
}

export function providerGeneration({ random, world }: Scene, provider: string): number {
  const known = world.providers.get(provider)?.generation ?? 0;
  return random.below(12) === 0 ? random.below(4) : known;
}

export function inventory({ random }: Scene, large: boolean): Inventory {
  const total = large ? 400 : 2 + random.below(30);
  return {
    total,
    reserved: random.below(4) === 0 ? 1 : 0,
    min_unit: random.below(8) === 0 ? 2 : 1,
    max_unit: random.below(8) === 0 ? 3 : 2_147_483_647,
    step_size: random.below(8) === 0 ? 2 : 1,
    allocation_ratio: random.pick([1, 1, 1, 1.5, 0.5, 16]),
  };
}

/** Mostly amounts of what there is. */
export function held(scene: Scene, count: number): Held {
  const { random, cast, world } = scene;
  const result: Record<string, Record<string, number>> = {};
  for (let index = 0; index < count; index += 1) {
    const provider = random.pick(cast.providers);
    const offered = Object.keys(world.providers.get(provider)?.inventories ?? {});
    const names = offered.length === 0 || random.below(15) === 0 ? STANDARD : offered;
    result[provider] = { [random.pick(names)]: 1 + random.below(5) };
    if (random.below(3) === 0) {
      result[provider] = { ...result[provider], [random.pick(names)]: 1 + random.below(3) };
    }
  }
  return result;
}

export function claimOf(scene: Scene, consumer: string, allocations: Held): Claim {
  const { random } = scene;
  return {
    consumer,
    generation: generationOf(scene, consumer),
    project: random.pick(PROJECTS),
    user: random.pick(USERS),
    type: random.pick(TYPES),
    allocations,
  };
}

export function claims(name: string, given: readonly Claim[]): WriteOperation {
  const body = Object.fromEntries(given.map((claim) => [claim.consumer, claimBody(claim)]));
  return write(name, { method: "POST", path: "/allocations", body }, (world) =>
    applyClaims(world, given),
  );
}

export function someOf<T>(random: Chance, all: readonly T[], count: number): T[] {
  return [...new Set(Array.from({ length: count }, () => random.pick(all)))];
}
