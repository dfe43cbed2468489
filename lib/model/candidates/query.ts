/** A request for allocation candidates, with ids in place of names. */
import type { AggregateFilter } from "../queries/member-of.ts";
import type { TraitFilter } from "../queries/required.ts";
import type { ClassId } from "../standard-classes.ts";
import type { TraitId } from "../standard-traits.ts";
import type { Uuid } from "../uuid.ts";

/** The suffix of the group that several providers of a tree may satisfy. */
export const UNSUFFIXED = "";

/**
 * One request group. The unsuffixed one may take each class from another provider; a suffixed
 * one takes all from one provider. A suffixed group without resources requires a provider
 * with its traits and aggregates.
 */
export interface RequestGroup {
  readonly suffix: string;
  readonly resources: ReadonlyMap<ClassId, number>;
  readonly traits: TraitFilter<TraitId>;
  readonly aggregates: AggregateFilter;
  /** A provider of the tree to which the group is limited. */
  readonly inTree: Uuid | undefined;
}

export type GroupPolicy = "none" | "isolate";

/** Required and forbidden traits of the anchor's root. */
export interface RootTraits {
  readonly required: readonly TraitId[];
  readonly forbidden: readonly TraitId[];
}

export interface CandidateQuery {
  /** Each suffix once. */
  readonly groups: readonly RequestGroup[];
  readonly groupPolicy: GroupPolicy | undefined;
  readonly rootRequired: RootTraits;
  /** Suffixes of groups: one of their providers is an ancestor of, or equal to, each of the others. */
  readonly sameSubtrees: readonly (readonly string[])[];
  /** Candidates at most. */
  readonly limit: number | undefined;
  /** Whether a candidate may use several providers of one tree: from 1.29. */
  readonly nested: boolean;
}
