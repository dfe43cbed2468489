/** What a request for allocation candidates asks for, its names turned into ids. */
import type { AggregateFilter } from "../queries/member-of.ts";
import type { TraitFilter } from "../queries/required.ts";
import type { ClassId } from "../standard-classes.ts";
import type { TraitId } from "../standard-traits.ts";
import type { Uuid } from "../uuid.ts";

/** The suffix of the group that may be spread over the providers of a tree. */
export const UNSUFFIXED = "";

/**
 * One request group. The unsuffixed one may take each class from another
 * provider; a suffixed one takes all from one provider. A suffixed group
 * without resources asks for a provider with its traits and aggregates.
 */
export interface RequestGroup {
  readonly suffix: string;
  readonly resources: ReadonlyMap<ClassId, number>;
  readonly traits: TraitFilter<TraitId>;
  readonly aggregates: AggregateFilter;
  /** Any provider of the tree that is wanted. */
  readonly inTree: Uuid | undefined;
}

export type GroupPolicy = "none" | "isolate";

/** Traits of the root that a candidate is anchored at. */
export interface RootTraits {
  readonly required: readonly TraitId[];
  readonly forbidden: readonly TraitId[];
}

export interface CandidateQuery {
  /** Each suffix once. */
  readonly groups: readonly RequestGroup[];
  readonly groupPolicy: GroupPolicy | undefined;
  readonly rootRequired: RootTraits;
  /** Suffixes of groups of which one provider must be an ancestor of the others, or be them. */
  readonly sameSubtrees: readonly (readonly string[])[];
  /** Candidates at most. */
  readonly limit: number | undefined;
  /** Whether a candidate may use several providers of one tree: from 1.29. */
  readonly nested: boolean;
}
