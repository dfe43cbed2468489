/**
 * The items of a provider. Attribute names are one letter, here and nowhere
 * else, which keeps the item of a host with three classes near 250 bytes.
 */
import type { Inventory, StoredInventory } from "../../model/inventory.ts";
import { withUse } from "../../model/inventory.ts";
import type { ProviderProfile, ProviderState } from "../../model/provider.ts";
import type { ClassId } from "../../model/standard-classes.ts";
import type { Parents } from "../../model/tree.ts";
import { bytesToUuid, storedUuid, type Uuid, uuidToBytes } from "../../model/uuid.ts";
import type { Path } from "../table/expressions.ts";
import type { Item } from "../table/item.ts";
import { aggregatesAttribute, aggregatesOf, spellingsAttribute, writtenOf } from "./aggregates.ts";
import { decodeIds, encodeIds } from "./id-set.ts";
import { hotKey, nameKey, profileKey, providerIn, treeKey } from "./keys.ts";

/** Paths in the hot item. */
export const hot = {
  generation: ["g"],
  revision: ["r"],
  profileVersion: ["v"],
  consumers: ["n"],
  updated: ["w"],
  inventory: (id: ClassId): Path => ["i", String(id)],
  total: (id: ClassId): Path => ["i", String(id), "t"],
  reserved: (id: ClassId): Path => ["i", String(id), "r"],
  minUnit: (id: ClassId): Path => ["i", String(id), "m"],
  maxUnit: (id: ClassId): Path => ["i", String(id), "x"],
  stepSize: (id: ClassId): Path => ["i", String(id), "s"],
  allocationRatio: (id: ClassId): Path => ["i", String(id), "a"],
  used: (id: ClassId): Path => ["i", String(id), "u"],
  free: (id: ClassId): Path => ["i", String(id), "f"],
} as const;

/** Paths in the profile. */
export const profile = {
  version: ["v"],
  name: ["n"],
  parent: ["p"],
  root: ["o"],
  traits: ["t"],
  aggregates: ["a"],
  spellings: ["s"],
  updated: ["w"],
} as const;

/** Paths in a tree: its version, and the parent of each provider (empty for the root). */
export const tree = {
  version: ["v"],
  parents: ["t"],
  parent: (provider: Uuid): Path => ["t", provider],
} as const;

export function inventoryAttribute(inventory: StoredInventory): Record<string, unknown> {
  return {
    t: inventory.total,
    r: inventory.reserved,
    m: inventory.minUnit,
    x: inventory.maxUnit,
    s: inventory.stepSize,
    a: String(inventory.allocationRatio),
    u: inventory.used,
    f: inventory.free,
  };
}

/** The leaves that configure a class, with their paths. */
export function inventoryLeaves(id: ClassId, inventory: Inventory): [Path, unknown][] {
  return [
    [hot.total(id), inventory.total],
    [hot.reserved(id), inventory.reserved],
    [hot.minUnit(id), inventory.minUnit],
    [hot.maxUnit(id), inventory.maxUnit],
    [hot.stepSize(id), inventory.stepSize],
    [hot.allocationRatio(id), String(inventory.allocationRatio)],
  ];
}

export function hotItem(state: ProviderState): Item {
  const inventories = [...state.inventories].map(([id, inventory]) => [
    String(id),
    inventoryAttribute(inventory),
  ]);
  return {
    ...hotKey(state.uuid),
    g: state.generation,
    r: state.revision,
    v: state.profileVersion,
    i: Object.fromEntries(inventories),
    n: state.consumers,
    c: state.created,
    w: state.updated,
  };
}

export function stateOf(item: Item): ProviderState {
  const stored = Object.entries(item["i"] as Record<string, Record<string, unknown>>);
  const inventories = stored
    .map(([id, leaves]): [ClassId, StoredInventory] => [Number(id), inventoryOf(leaves)])
    .sort(([a], [b]) => a - b);
  return {
    uuid: providerIn(item.sk),
    generation: item["g"] as number,
    revision: item["r"] as number,
    profileVersion: item["v"] as number,
    inventories: new Map(inventories),
    consumers: item["n"] as number,
    created: item["c"] as number,
    updated: item["w"] as number,
  };
}

function inventoryOf(leaves: Record<string, unknown>): StoredInventory {
  const inventory: Inventory = {
    total: leaves["t"] as number,
    reserved: leaves["r"] as number,
    minUnit: leaves["m"] as number,
    maxUnit: leaves["x"] as number,
    stepSize: leaves["s"] as number,
    allocationRatio: Number(leaves["a"]),
  };
  return { ...withUse(inventory, leaves["u"] as number), free: leaves["f"] as number };
}

export function profileItem(given: ProviderProfile): Item {
  const spellings = spellingsAttribute(given.writtenAggregates ?? []);
  return {
    ...profileKey(given.uuid),
    v: given.version,
    n: given.name,
    ...(given.parent === undefined ? {} : { p: uuidToBytes(given.parent) }),
    o: uuidToBytes(given.root),
    ...(given.traits.length === 0 ? {} : { t: encodeIds(given.traits) }),
    ...(given.aggregates.length === 0 ? {} : { a: aggregatesAttribute(given.aggregates) }),
    ...(spellings.length === 0 ? {} : { s: spellings }),
    w: given.updated,
  };
}

const NO_BYTES = new Uint8Array();

export function profileOf(item: Item): ProviderProfile {
  const parent = item["p"] as Uint8Array | undefined;
  const aggregates = aggregatesOf((item["a"] ?? NO_BYTES) as Uint8Array);
  return {
    uuid: providerIn(item.sk),
    version: item["v"] as number,
    name: item["n"] as string,
    parent: parent === undefined ? undefined : bytesToUuid(parent),
    root: bytesToUuid(item["o"] as Uint8Array),
    traits: decodeIds((item["t"] ?? NO_BYTES) as Uint8Array),
    aggregates,
    ...(item["s"] === undefined ? {} : { writtenAggregates: writtenOf(aggregates, item["s"]) }),
    updated: item["w"] as number,
  };
}

export function nameItem(name: string, provider: Uuid): Item {
  return { ...nameKey(name), p: provider };
}

export function providerOfName(item: Item): Uuid {
  return storedUuid(String(item["p"]));
}

/** The shape of one tree as stored. */
export interface Tree {
  readonly root: Uuid;
  readonly version: number;
  readonly parents: Parents;
}

/** One byte: it is no uuid, and both engines store it. */
const NO_PARENT = new Uint8Array(1);

export function parentAttribute(parent: Uuid | undefined): Uint8Array {
  return parent === undefined ? NO_PARENT : uuidToBytes(parent);
}

export function treeItem(given: Tree): Item {
  const parents = [...given.parents].map(([child, parent]) => [child, parentAttribute(parent)]);
  return { ...treeKey(given.root), v: given.version, t: Object.fromEntries(parents) };
}

export function treeOf(root: Uuid, item: Item): Tree {
  const entries = Object.entries(item["t"] as Record<string, Uint8Array>);
  return {
    root,
    version: item["v"] as number,
    parents: new Map(
      entries.map(([child, bytes]) => [
        storedUuid(child),
        bytes.length < 16 ? undefined : bytesToUuid(bytes),
      ]),
    ),
  };
}
