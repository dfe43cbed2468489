/** Providers for tests of the pure search, without a store. */
import type { CandidateQuery, RequestGroup } from "../../lib/model/candidates/query.ts";
import { type StoredInventory, withUse } from "../../lib/model/inventory.ts";
import type { Provider } from "../../lib/model/provider.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import { uuidOf } from "./uuids.ts";

export function numberedUuid(number: number): Uuid {
  return uuidOf(`00000000-0000-4000-8000-${String(number).padStart(12, "0")}`);
}

export function plainInventory(total: number, used = 0): StoredInventory {
  const rest = { reserved: 0, minUnit: 1, maxUnit: total, stepSize: 1, allocationRatio: 1 };
  return withUse({ total, ...rest }, used);
}

export interface ProviderOptions {
  readonly parent?: Uuid | undefined;
  readonly traits?: readonly number[];
  readonly aggregates?: readonly Uuid[];
}

export function plainProvider(
  uuid: Uuid,
  inventories: Iterable<readonly [number, StoredInventory]> = [],
  { parent, traits = [], aggregates = [] }: ProviderOptions = {},
): Provider {
  return {
    state: {
      uuid,
      generation: 0,
      revision: 0,
      profileVersion: 0,
      inventories: new Map(inventories),
      consumers: 0,
      created: 0,
      updated: 0,
    },
    profile: {
      uuid,
      version: 0,
      name: uuid,
      parent,
      root: parent ?? uuid,
      traits,
      aggregates,
      updated: 0,
    },
  };
}

export function plainGroup(
  suffix: string,
  resources: Iterable<readonly [number, number]>,
  given: Partial<RequestGroup> = {},
): RequestGroup {
  return {
    suffix,
    resources: new Map(resources),
    traits: { anyOf: [], forbidden: [] },
    aggregates: { anyOf: [], forbidden: [] },
    inTree: undefined,
    ...given,
  };
}

export function plainQuery(
  groups: readonly RequestGroup[],
  given: Partial<CandidateQuery> = {},
): CandidateQuery {
  return {
    groups,
    groupPolicy: "none",
    rootRequired: { required: [], forbidden: [] },
    sameSubtrees: [],
    limit: undefined,
    nested: true,
    ...given,
  };
}
