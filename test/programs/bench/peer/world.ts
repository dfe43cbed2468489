/** What both sides are given before they are measured: the same for the same seed and size. */
import type { Uuid } from "../../../../lib/model/uuid.ts";
import { type Chance, seeded } from "../../../support/chance.ts";

export interface Host {
  readonly uuid: Uuid;
  readonly name: string;
  readonly rack: Uuid;
  readonly zone: Uuid;
  readonly traits: readonly string[];
}

/** A root with a disk, two NUMA nodes below it. */
export interface Tree {
  readonly root: Uuid;
  readonly nodes: readonly Uuid[];
}

/** A root and a child between which a consumer and its inventory are moved. */
export interface Movable {
  readonly root: Uuid;
  readonly child: Uuid;
  readonly consumer: Uuid;
}

export interface World {
  readonly seed: number;
  readonly hosts: readonly Host[];
  readonly trees: readonly Tree[];
  readonly movable: readonly Movable[];
  /** Providers whose inventories, traits, aggregates and names are written. */
  readonly spare: readonly Uuid[];
  /** Everybody claims from it. */
  readonly pool: Uuid;
  /** They are in the project `PROJECT`. */
  readonly consumers: readonly { readonly uuid: Uuid; readonly host: Uuid }[];
  readonly racks: readonly Uuid[];
}

export const PROJECT = "project-of-many";
export const CLAIMED = { VCPU: 1, MEMORY_MB: 256, DISK_GB: 1 };
export const POOL_CLASS = "NET_BW_EGR_KILOBIT_PER_SEC";
export const MOVED_CLASS = "VGPU";
export const CUSTOM_TRAITS = Array.from({ length: 20 }, (_, n) => `CUSTOM_BENCH_MODEL_${n}`);
/** One host in five has it. */
export const SOME_TRAIT = "CUSTOM_BENCH_MODEL_2";

const HOSTS_OF_RACK = 40;
const ZONES = 4;
const TREES = 20;

const CPU_TRAITS = (
  "SSE SSE2 SSE3 SSSE3 SSE41 SSE42 SSE4A AVX AVX2 AVX512F AVX512CD AVX512PF AVX512ER AVX512VL AVX512BW " +
  "AVX512DQ CLMUL BMI BMI2 F16C FMA3 FMA4 MMX 3DNOW XOP TBM ABM ASF AESNI SVM VMX SGX TSX MPX SHA"
)
  .split(" ")
  .map((name) => `HW_CPU_X86_${name}`);
const COMMON_TRAITS = [...CPU_TRAITS, "COMPUTE_VOLUME_EXTEND"];

/** 36 that all have, 4 of our own by kind. */
function traitsOf(index: number): string[] {
  const own = Array.from({ length: 4 }, (_, n) => CUSTOM_TRAITS[4 * n + (index % 4)] as string);
  const fifth = index % 5 === 0 ? [SOME_TRAIT] : [];
  return [...new Set([...COMMON_TRAITS, ...own.filter((name) => name !== SOME_TRAIT), ...fifth])];
}

export interface WorldSize {
  /** Flat hosts. */
  readonly hosts: number;
  /** Consumers of one project. */
  readonly consumers: number;
  /** Providers to write: more than clients, so that no two write the same one at once. */
  readonly spare: number;
}

export function makeWorld(seed: number, sizes: WorldSize): World {
  const { hosts: size, spare } = sizes;
  const chance = seeded(seed);
  const some = (count: number) => Array.from({ length: count }, () => chance.uuid());
  const racks = some(Math.ceil(size / HOSTS_OF_RACK));
  const zones = some(ZONES);
  const hosts = Array.from({ length: size }, (_, index) => ({
    uuid: chance.uuid(),
    name: `compute-${index}.bench.example.org`,
    rack: racks[Math.floor(index / HOSTS_OF_RACK)] as Uuid,
    zone: zones[index % ZONES] as Uuid,
    traits: traitsOf(index),
  }));
  return {
    seed,
    hosts,
    racks,
    trees: Array.from({ length: Math.min(TREES, size) }, () => ({
      root: chance.uuid(),
      nodes: some(2),
    })),
    movable: Array.from({ length: spare }, () => {
      return { root: chance.uuid(), child: chance.uuid(), consumer: chance.uuid() };
    }),
    spare: some(spare),
    pool: chance.uuid(),
    consumers: Array.from({ length: sizes.consumers }, (_, index) => {
      return { uuid: chance.uuid(), host: (hosts[index % size] as Host).uuid };
    }),
  };
}

export function inventory(total: number, more: Readonly<Record<string, number>> = {}) {
  return { total, reserved: 0, min_unit: 1, max_unit: total, step_size: 1, ...more };
}

export const HOST_INVENTORIES = {
  VCPU: inventory(64, { reserved: 2, allocation_ratio: 16 }),
  MEMORY_MB: inventory(262_144, { reserved: 4_096, allocation_ratio: 1 }),
  DISK_GB: inventory(2_000, { allocation_ratio: 1 }),
};

export const OWNER = { project_id: "bench", user_id: "bench", consumer_type: "INSTANCE" };

type Held = Readonly<Record<string, Readonly<Record<string, number>>>>;

export function claimBody(held: Held, generation: number | null, owner: object = OWNER) {
  const allocations = Object.fromEntries(
    Object.entries(held).map(([provider, resources]) => [provider, { resources }]),
  );
  return { allocations, consumer_generation: generation, ...owner };
}

export function anyHost({ hosts }: World, chance: Chance): Host {
  return chance.pick(hosts);
}
