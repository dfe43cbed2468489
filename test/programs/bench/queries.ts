/** The queries that are measured. */
import type {
  CandidateQuery,
  GroupPolicy,
  RequestGroup,
} from "../../../lib/model/candidates/query.ts";
import type { ClassId } from "../../../lib/model/standard-classes.ts";

export interface Asked {
  readonly limit?: number;
  readonly policy?: GroupPolicy;
}

export function group(
  suffix: string,
  resources: Readonly<Record<ClassId, number>>,
  required: readonly number[] = [],
): RequestGroup {
  return {
    suffix,
    resources: new Map(Object.entries(resources).map(([id, amount]) => [Number(id), amount])),
    traits: { anyOf: required.map((trait) => [trait]), forbidden: [] },
    aggregates: { anyOf: [], forbidden: [] },
    inTree: undefined,
  };
}

export function query(groups: readonly RequestGroup[], { limit, policy }: Asked): CandidateQuery {
  return {
    groups,
    groupPolicy: policy,
    rootRequired: { required: [], forbidden: [] },
    sameSubtrees: [],
    limit,
    nested: true,
  };
}
