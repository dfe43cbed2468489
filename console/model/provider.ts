/** A provider as the console keeps it: what `include` brings, without the frames of the documents. */
import type { AnswerOf } from "../../lib/client/types.ts";

export type Listed = AnswerOf<
  "resource-providers/list",
  "1.39"
>["body"]["resource_providers"][number];

export interface Inventory {
  readonly total: number;
  readonly reserved: number;
  readonly min_unit: number;
  readonly max_unit: number;
  readonly step_size: number;
  readonly allocation_ratio: number;
}

export interface Provider {
  readonly uuid: string;
  readonly name: string;
  readonly generation: number;
  /** Null: it is a root. */
  readonly parent: string | null;
  readonly root: string;
  readonly inventories: Readonly<Record<string, Inventory>>;
  readonly usages: Readonly<Record<string, number>>;
  readonly traits: readonly string[];
  readonly aggregates: readonly string[];
}

/** What a request for the list has to include, so that `providerOf` finds all. */
export const INCLUDED = "inventories,usages,traits,aggregates";

/** Its provider shares what it has with those of its aggregates. */
export const SHARES = "MISC_SHARES_VIA_AGGREGATE";

export function providerOf(listed: Listed): Provider {
  const { uuid, name, generation, included } = listed;
  return {
    uuid,
    name,
    generation,
    parent: listed.parent_provider_uuid,
    root: listed.root_provider_uuid,
    inventories: included?.inventories?.inventories ?? {},
    usages: included?.usages?.usages ?? {},
    traits: included?.traits?.traits ?? [],
    aggregates: included?.aggregates?.aggregates ?? [],
  };
}

/** Of an inventory, what can be allocated in all. */
export function capacityOf({ total, reserved, allocation_ratio }: Inventory): number {
  return Math.floor((total - reserved) * allocation_ratio);
}
