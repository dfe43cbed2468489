import type { RefusalClass } from "../../lib/model/refusal.ts";
import {
  AnyTraitsInRootRequired,
  BadFirstGroupPolicy,
  ConflictingRootTraits,
  ConflictingTraits,
  EmptySubtreeSuffix,
  InTreeNotUuid,
  MissingGroupPolicy,
  NoResourcesAtAll,
  RepeatedRootRequired,
  ResourcelessGroupOutsideSubtree,
  UnknownSubtreeSuffix,
  UnknownTraitsInCandidates,
} from "../../lib/model/refusals/candidates.ts";
import { filterRefusals } from "../shared/filter-refusals.ts";

/** The refusals of a query for candidates at the newest version, without `limit`. */
export const newestQueryRefusals: readonly RefusalClass[] = [
  NoResourcesAtAll,
  ResourcelessGroupOutsideSubtree,
  UnknownSubtreeSuffix,
  EmptySubtreeSuffix,
  MissingGroupPolicy,
  InTreeNotUuid,
  ConflictingTraits,
  RepeatedRootRequired,
  ConflictingRootTraits,
  AnyTraitsInRootRequired,
  BadFirstGroupPolicy,
  UnknownTraitsInCandidates,
  ...filterRefusals,
];
