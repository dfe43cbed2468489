import type { RefusalClass } from "../../lib/model/refusal.ts";
import {
  AmountNotInteger,
  AmountTooSmall,
  AnyTraitsForbidden,
  AnyTraitsTooEarly,
  BadlyFormedResources,
  BadRequired,
  ForbiddenMemberOfTooEarly,
  MemberOfNotUuid,
  MemberOfWithoutIn,
  RepeatedMemberOf,
  UnknownClassInQuery,
} from "../../lib/model/refusals/queries.ts";

/** The refusals of `member_of`, `resources` and `required`, in every query that accepts them. */
export const filterRefusals: readonly RefusalClass[] = [
  RepeatedMemberOf,
  ForbiddenMemberOfTooEarly,
  MemberOfWithoutIn,
  MemberOfNotUuid,
  BadlyFormedResources,
  AmountNotInteger,
  AmountTooSmall,
  BadRequired,
  AnyTraitsTooEarly,
  AnyTraitsForbidden,
  UnknownClassInQuery,
];
