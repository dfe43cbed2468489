/** The request groups of a query, before names are replaced by ids. */
import { pythonRepr } from "../../lib/api/python-repr.ts";
import type { Query } from "../../lib/api/query.ts";
import { UNSUFFIXED } from "../../lib/model/candidates/query.ts";
import { type Minor, minor } from "../../lib/model/microversion.ts";
import { type AggregateFilter, parseMemberOf } from "../../lib/model/queries/member-of.ts";
import { parseRequired, type TraitFilter } from "../../lib/model/queries/required.ts";
import { type NamedAmounts, parseLastResources } from "../../lib/model/queries/resources.ts";
import {
  ConflictingTraits,
  GroupWithoutResources,
  InTreeNotUuid,
  NoRequestGroup,
  NoResourcesAtAll,
  OrphanedMemberOf,
  OrphanedTraits,
  ResourcelessGroupOutsideSubtree,
  UnknownSubtreeSuffix,
} from "../../lib/model/refusals/candidates.ts";
import { parseUuid, type Uuid } from "../../lib/model/uuid.ts";

export interface NamedGroup {
  readonly suffix: string;
  readonly resources: NamedAmounts;
  readonly traits: TraitFilter<string>;
  readonly aggregates: AggregateFilter;
  readonly inTree: Uuid | undefined;
}

const GROUP_KEY = /^(?:resources|required|member_of|in_tree)(?<suffix>.*)$/;

/**
 * In the order in which the query names them.
 * @param sameSubtrees suffixes, as the query gives them
 * @throws the refusals of `refusals/candidates.ts` that concern groups, and those of their parameters
 */
export function parseGroups(
  query: Query,
  sameSubtrees: readonly (readonly string[])[],
  version: Minor,
): NamedGroup[] {
  const suffixes = query.pairs.flatMap(([key]) => GROUP_KEY.exec(key)?.groups?.["suffix"] ?? []);
  const groups = [...new Set(suffixes)].map((suffix) => parseGroup(query, suffix, version));
  if (version >= minor("1.36")) checkSubtrees(groups, new Set(sameSubtrees.flat()));
  else checkResources(groups);
  checkConflicts(groups);
  return groups;
}

function parseGroup(query: Query, suffix: string, version: Minor): NamedGroup {
  return {
    suffix,
    resources: parseLastResources(query.all(`resources${suffix}`)),
    traits: parseRequired(query.all(`required${suffix}`), version),
    aggregates: parseMemberOf(query.all(`member_of${suffix}`), version, suffix),
    inTree: query.all(`in_tree${suffix}`).map(parseInTree).at(-1),
  };
}

function parseInTree(given: string): Uuid {
  const uuid = parseUuid(given.trim());
  if (uuid === undefined) throw new InTreeNotUuid(given);
  return uuid;
}

const isResourceless = ({ resources }: NamedGroup) => resources.size === 0;

/** Up to 1.35 every group has resources. */
function checkResources(groups: readonly NamedGroup[]): void {
  const orphans = groups.filter(isResourceless);
  const traits = orphans.filter((group) => group.traits.anyOf.length > 0);
  if (traits.length > 0) throw new OrphanedTraits(traits.map(({ suffix }) => `required${suffix}`));
  const members = orphans.filter(
    ({ aggregates: { anyOf, forbidden } }) => anyOf.length + forbidden.length > 0,
  );
  if (members.length > 0) {
    throw new OrphanedMemberOf(members.map(({ suffix }) => `member_of${suffix}`));
  }
  if (groups.length === 0) throw new NoRequestGroup();
  if (orphans.length > 0) throw new GroupWithoutResources();
}

/** From 1.36 on a suffixed group needs no resources if a same_subtree names it. */
function checkSubtrees(groups: readonly NamedGroup[], named: ReadonlySet<string>): void {
  if (groups.every(isResourceless)) throw new NoResourcesAtAll();
  const bad = groups.filter((group) => isResourceless(group) && !named.has(group.suffix));
  if (bad.length > 0) throw new ResourcelessGroupOutsideSubtree(listOf(bad));
  const unknown = [...named].filter((suffix) => !groups.some((group) => group.suffix === suffix));
  if (unknown.length > 0) throw new UnknownSubtreeSuffix(pythonRepr(unknown), listOf(groups));
}

function listOf(groups: readonly NamedGroup[]): string {
  return pythonRepr(groups.map(({ suffix }) => suffix));
}

/** A set of traits conflicts if all of it is forbidden. */
export function conflictsOf({ anyOf, forbidden }: TraitFilter<string>): (readonly string[])[] {
  const refused = new Set(forbidden);
  return anyOf.filter((some) => some.every((name) => refused.has(name)));
}

function checkConflicts(groups: readonly NamedGroup[]): void {
  const conflicts = groups.flatMap(({ suffix, traits }) =>
    conflictsOf(traits).map((some) => `required${suffix}: (${some.toSorted().join(", ")})`),
  );
  if (conflicts.length > 0) throw new ConflictingTraits(conflicts.sort());
}

export function suffixedCount(groups: readonly NamedGroup[]): number {
  return groups.filter(({ suffix }) => suffix !== UNSUFFIXED).length;
}
