/** Resource providers as the store shows them. */
import type { Inventories } from "./inventory.ts";
import type { TraitId } from "./standard-traits.ts";
import type { Uuid } from "./uuid.ts";

/** The part of a provider that claims and inventories change. */
export interface ProviderState {
  readonly uuid: Uuid;
  readonly generation: number;
  /** Rises with every write of the state, even if the generation does not. */
  readonly revision: number;
  readonly profileVersion: number;
  readonly inventories: Inventories;
  /** Consumers that hold allocations on the provider. */
  readonly consumers: number;
  readonly created: number;
  readonly updated: number;
}

/** The part of a provider that changes seldom. */
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
  /** The same as the client wrote them, if that differs: shown, but never compared. */
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
