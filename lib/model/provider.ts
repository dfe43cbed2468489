/** Resource providers as the store shows them. */
import type { Inventories } from "./inventory.ts";
import type { TraitId } from "./standard-traits.ts";
import type { Uuid } from "./uuid.ts";

/** What claims and inventories change. */
export interface ProviderState {
  readonly uuid: Uuid;
  readonly generation: number;
  /** Rises with every write of the state, whether or not the generation does. */
  readonly revision: number;
  readonly profileVersion: number;
  readonly inventories: Inventories;
  /** Consumers that hold allocations on the provider. */
  readonly consumers: number;
  readonly created: number;
  readonly updated: number;
}

/** What seldom changes. */
export interface ProviderProfile {
  readonly uuid: Uuid;
  readonly version: number;
  readonly name: string;
  readonly parent: Uuid | undefined;
  readonly root: Uuid;
  /** In ascending order. */
  readonly traits: readonly TraitId[];
  /** In the order in which the client gave them. */
  readonly aggregates: readonly Uuid[];
  /** The same as the client has written them, where that differs: shown, and never compared. */
  readonly writtenAggregates?: readonly string[];
  readonly updated: number;
}

export interface Provider {
  readonly state: ProviderState;
  readonly profile: ProviderProfile;
}

/** The order of lists of providers: by creation; those of one millisecond by uuid. */
export function byCreation({ state: a }: Provider, { state: b }: Provider): number {
  return a.created - b.created || (a.uuid < b.uuid ? -1 : Number(a.uuid > b.uuid));
}
