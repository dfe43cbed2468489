/**
 * A provider's hot item: its state, which claims change. Attribute names are one letter,
 * which keeps the item of a host with three classes near 250 bytes.
 */
import type { Inventory, StoredInventory } from "../../model/inventory.ts";
import type { ProviderState } from "../../model/provider.ts";
import type { ClassId } from "../../model/standard-classes.ts";
import type { Uuid } from "../../model/uuid.ts";
import type { Path } from "../table/expressions.ts";
import type { Item, Key } from "../table/item.ts";
import { attribute, read, stored } from "./attributes.ts";
import { providerOf, shardOf, shardPk } from "./shard.ts";

/** The prefix of the sort keys of hot items. */
export const HOT = "H#";

export const hotKey = (provider: Uuid): Key => ({
  pk: shardPk(shardOf(provider)),
  sk: `${HOT}${provider}`,
});

export const isHot = ({ sk }: Key): boolean => sk.startsWith(HOT);

type Leaves = Readonly<Record<string, unknown>>;

const attributes = {
  generation: attribute<number>("g"),
  revision: attribute<number>("r"),
  profileVersion: attribute<number>("v"),
  /** By class id. */
  inventories: attribute<Readonly<Record<string, Leaves>>>("i"),
  /** Number of consumers that hold something. */
  consumers: attribute<number>("n"),
  created: attribute<number>("c"),
  updated: attribute<number>("w"),
} as const;

/** The attributes of one inventory. */
const leaf = {
  total: attribute<number>("t"),
  reserved: attribute<number>("r"),
  minUnit: attribute<number>("m"),
  maxUnit: attribute<number>("x"),
  stepSize: attribute<number>("s"),
  /** Text, since DynamoDB's numbers are decimal. */
  allocationRatio: attribute<string>("a"),
  used: attribute<number>("u"),
  free: attribute<number>("f"),
} as const;

const inventoryPath = (id: ClassId): Path => [...attributes.inventories, String(id)];
const pathOf =
  (name: keyof typeof leaf) =>
  (id: ClassId): Path => [...inventoryPath(id), ...leaf[name]];

/** Paths in the hot item. */
export const hot = {
  ...attributes,
  inventory: inventoryPath,
  total: pathOf("total"),
  reserved: pathOf("reserved"),
  minUnit: pathOf("minUnit"),
  maxUnit: pathOf("maxUnit"),
  stepSize: pathOf("stepSize"),
  allocationRatio: pathOf("allocationRatio"),
  used: pathOf("used"),
  free: pathOf("free"),
} as const;

export function inventoryAttribute(inventory: StoredInventory): Record<string, unknown> {
  const { allocationRatio, ...numbers } = inventory;
  return stored(leaf, { ...numbers, allocationRatio: String(allocationRatio) });
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
    ...stored(attributes, { ...state, inventories: Object.fromEntries(inventories) }),
  };
}

export function stateOf(item: Item): ProviderState {
  const inventories = Object.entries(read(item, hot.inventories))
    .map(([id, leaves]): [ClassId, StoredInventory] => [Number(id), inventoryOf(leaves)])
    .sort(([a], [b]) => a - b);
  return {
    uuid: providerOf(item),
    generation: read(item, hot.generation),
    revision: read(item, hot.revision),
    profileVersion: read(item, hot.profileVersion),
    inventories: new Map(inventories),
    consumers: read(item, hot.consumers),
    created: read(item, hot.created),
    updated: read(item, hot.updated),
  };
}

/** Written out: a function that reads a fleet decodes it for every class of every provider. */
function inventoryOf(leaves: Leaves): StoredInventory {
  return {
    total: read(leaves, leaf.total),
    reserved: read(leaves, leaf.reserved),
    minUnit: read(leaves, leaf.minUnit),
    maxUnit: read(leaves, leaf.maxUnit),
    stepSize: read(leaves, leaf.stepSize),
    allocationRatio: Number(read(leaves, leaf.allocationRatio)),
    used: read(leaves, leaf.used),
    free: read(leaves, leaf.free),
  };
}
