/** The query of a request for candidates, with names replaced by ids. */
import type { Query } from "../../lib/api/query.ts";
import type { CandidateQuery, GroupPolicy, RootTraits } from "../../lib/model/candidates/query.ts";
import { clampAmount } from "../../lib/model/inventory.ts";
import { type Minor, minor } from "../../lib/model/microversion.ts";
import { parseRequired, type TraitFilter } from "../../lib/model/queries/required.ts";
import {
  AnyTraitsInRootRequired,
  BadFirstGroupPolicy,
  BadFirstLimit,
  ConflictingRootTraits,
  EmptySubtreeSuffix,
  MissingGroupPolicy,
  RepeatedRootRequired,
  UnknownTraitsInCandidates,
} from "../../lib/model/refusals/candidates.ts";
import { UnknownClassInQuery } from "../../lib/model/refusals/queries.ts";
import type { NameDirectory } from "../../lib/store/cache/names.ts";
import type { Store } from "../../lib/store/store.ts";
import { conflictsOf, type NamedGroup, parseGroups, suffixedCount } from "./groups.ts";

interface NamedRequest {
  readonly groups: readonly NamedGroup[];
  readonly groupPolicy: GroupPolicy | undefined;
  readonly rootRequired: TraitFilter<string>;
  readonly sameSubtrees: readonly (readonly string[])[];
  readonly limit: number | undefined;
}

/** @throws the refusals of `refusals/candidates.ts` and `refusals/queries.ts` */
export async function candidateQuery(
  store: Store,
  query: Query,
  version: Minor,
): Promise<CandidateQuery> {
  const request = parseRequest(query, version);
  const { groups, rootRequired } = request;
  const classes = await store.classes({
    names: groups.flatMap(({ resources }) => [...resources.keys()]),
  });
  const filters = [...groups.map(({ traits }) => traits), rootRequired];
  const traits = await store.traits({ names: filters.flatMap(namesOf) });
  return {
    ...request,
    groups: groups.map((group) => ({
      ...group,
      resources: classAmounts(group, classes),
      traits: traitFilter(group.traits, traits),
    })),
    rootRequired: rootTraits(rootRequired, traits),
    nested: version >= minor("1.29"),
  };
}

function parseRequest(query: Query, version: Minor): NamedRequest {
  const rootRequired = parseRootRequired(query.all("root_required"), version);
  const sameSubtrees = query.all("same_subtree").map(parseSubtree);
  const groups = parseGroups(query, sameSubtrees, version);
  const groupPolicy = parseGroupPolicy(query.all("group_policy")[0]);
  if (groupPolicy === undefined && suffixedCount(groups) > 1) throw new MissingGroupPolicy();
  const limit = parseLimit(query.all("limit")[0]);
  return { groups, groupPolicy, rootRequired, sameSubtrees, limit };
}

function parseRootRequired(values: readonly string[], version: Minor): TraitFilter<string> {
  if (values.length > 1) throw new RepeatedRootRequired();
  const [given = ""] = values;
  if (given.startsWith("in:")) throw new AnyTraitsInRootRequired(given);
  const filter = parseRequired(values, version);
  const conflicts = conflictsOf(filter).flat();
  if (conflicts.length > 0) throw new ConflictingRootTraits(conflicts);
  return filter;
}

function parseSubtree(given: string): string[] {
  const suffixes = given.split(",").map((suffix) => suffix.trim());
  if (suffixes.includes("")) throw new EmptySubtreeSuffix();
  return suffixes;
}

function parseGroupPolicy(given: string | undefined): GroupPolicy | undefined {
  if (given === undefined || given === "none" || given === "isolate") return given;
  throw new BadFirstGroupPolicy(given);
}

function parseLimit(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (!/^[1-9][0-9]*$/.test(given)) throw new BadFirstLimit(given);
  return Number(given);
}

function namesOf({ anyOf, forbidden }: TraitFilter<string>): string[] {
  return [...anyOf.flat(), ...forbidden];
}

/** @throws UnknownClassInQuery */
function classAmounts({ resources }: NamedGroup, directory: NameDirectory) {
  const amounts = [...resources].map(([name, amount]) => {
    const id = directory.idOf(name);
    if (id === undefined) throw new UnknownClassInQuery(name);
    return [id, clampAmount(amount)] as const;
  });
  return new Map(amounts);
}

/** @throws UnknownTraitsInCandidates */
function traitFilter(filter: TraitFilter<string>, directory: NameDirectory): TraitFilter<number> {
  const unknown = namesOf(filter).filter((name) => directory.idOf(name) === undefined);
  if (unknown.length > 0) throw new UnknownTraitsInCandidates([...new Set(unknown)]);
  const ids = (list: readonly string[]) => list.flatMap((name) => directory.idOf(name) ?? []);
  return { anyOf: filter.anyOf.map(ids), forbidden: ids(filter.forbidden) };
}

function rootTraits(filter: TraitFilter<string>, directory: NameDirectory): RootTraits {
  const { anyOf, forbidden } = traitFilter(filter, directory);
  return { required: anyOf.flat(), forbidden };
}
