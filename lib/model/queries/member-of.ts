/** The query parameter `member_of`: aggregates that a provider must be in, or must not. */
import { type Minor, minor } from "../microversion.ts";
import {
  ForbiddenMemberOfTooEarly,
  MemberOfNotUuid,
  MemberOfWithoutIn,
  RepeatedMemberOf,
} from "../refusals/queries.ts";
import { parseUuid, type Uuid } from "../uuid.ts";

export interface AggregateFilter {
  /** The provider is in at least one of each set. */
  readonly anyOf: readonly (readonly Uuid[])[];
  readonly forbidden: readonly Uuid[];
}

/**
 * Reads `UUID`, `in:UUID,UUID` and, from 1.32, `!UUID` and `!in:UUID,UUID`;
 * repeats of the parameter from 1.24. Every spelling of a UUID stands for the same
 * aggregate.
 *
 * Source: Placement API reference, "List resource providers".
 * @param suffix of the request group, for the message
 * @throws RepeatedMemberOf, MemberOfWithoutIn, MemberOfNotUuid, ForbiddenMemberOfTooEarly
 */
export function parseMemberOf(
  values: readonly string[],
  version: Minor,
  suffix = "",
): AggregateFilter {
  if (values.length > 1 && version < minor("1.24")) throw new RepeatedMemberOf(suffix);
  const anyOf: Uuid[][] = [];
  const forbidden: Uuid[] = [];
  for (const value of values) {
    const negative = value.startsWith("!");
    const uuids = aggregatesOf(negative ? value.slice(1) : value, value);
    if (negative && version < minor("1.32")) throw new ForbiddenMemberOfTooEarly(suffix);
    if (negative) forbidden.push(...uuids);
    else anyOf.push(uuids);
  }
  return { anyOf, forbidden };
}

function aggregatesOf(list: string, whole: string): Uuid[] {
  const many = list.startsWith("in:");
  if (!many && list.includes(",")) throw new MemberOfWithoutIn(whole);
  const given = many ? list.slice(3).split(",") : [list];
  return given.map((text) => {
    const uuid = parseUuid(text);
    if (uuid === undefined) throw new MemberOfNotUuid(text);
    return uuid;
  });
}

/** Whether a provider that is in `aggregates` passes. */
export function passesAggregates(aggregates: ReadonlySet<Uuid>, filter: AggregateFilter): boolean {
  return (
    filter.anyOf.every((set) => set.some((uuid) => aggregates.has(uuid))) &&
    !filter.forbidden.some((uuid) => aggregates.has(uuid))
  );
}
