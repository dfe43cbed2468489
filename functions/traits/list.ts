import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { BadAssociated, BadTraitsName } from "../../lib/model/refusals/traits.ts";
import { STANDARD_TRAIT_IDS, type TraitId } from "../../lib/model/standard-traits.ts";
import { usedTraits } from "../../lib/store/names/traits.ts";
import type { Store } from "../../lib/store/store.ts";
import { NAME_PLACE, namesPage } from "../shared/names-page.ts";
import { markerOf, type PageRequest, pageAskedFor } from "../shared/paging.ts";
import { listAnswers } from "./answers.ts";
import { listQuery } from "./schemas.ts";

/** API reference, "List traits"; in pages, our extension. */
export const listTraits = defineOperation({
  id: "traits/list",
  summary: "List traits",
  route: "GET /traits",
  since: "1.6",
  rule: "placement:traits:list",
  access: ["GetItem", "Query"],
  query: listQuery,
  answers: listAnswers,
  refusals: [BadTraitsName, BadAssociated],
  async run({ query }, { store, clock }) {
    const page = pageAskedFor(query, NAME_PLACE);
    const { name, associated } = query.last();
    const filter = {
      named: name === undefined ? () => true : nameFilter(name),
      associated: associated === undefined ? undefined : flag(associated),
    };
    const body = page === undefined ? await whole(store, filter) : await part(store, filter, page);
    // Standard traits have no time of their own, so that the list is as new as the request.
    return { status: 200, body, lastModified: clock.now() };
  },
});

interface Filter {
  named(name: string): boolean;
  /** Whether a provider has the trait; undefined for either. */
  readonly associated: boolean | undefined;
}

async function whole(store: Store, filter: Filter) {
  const used = filter.associated === undefined ? undefined : await store.list(usedTraits);
  const custom = await store.customNames("TRAITS");
  const all = [...STANDARD_TRAIT_IDS, ...custom.map((each) => [each.name, each.id] as const)];
  const passes = passing(filter, used);
  return { traits: all.filter(([name, id]) => passes(name, id)).map(([name]) => name) };
}

async function part(store: Store, filter: Filter, page: PageRequest) {
  const { names, next } = await store.list(async (reader) => {
    const used = filter.associated === undefined ? undefined : await usedTraits(reader);
    const passes = passing(filter, used);
    return namesPage(reader, { kind: "TRAITS", standard: STANDARD_TRAIT_IDS, passes }, page);
  });
  return { traits: names, next_marker: markerOf(next) };
}

function passing({ named, associated }: Filter, used: ReadonlySet<TraitId> | undefined) {
  return (name: string, id: TraitId) =>
    named(name) && (used === undefined || used.has(id) === associated);
}

/**
 * `in:A,B` or `startswith:A`; an operator that is neither filters nothing.
 * @throws BadTraitsName
 */
function nameFilter(value: string): (name: string) => boolean {
  const colon = value.indexOf(":");
  if (colon < 0) throw new BadTraitsName(value);
  const operand = value.slice(colon + 1);
  switch (value.slice(0, colon)) {
    case "in": {
      const names = new Set(operand.split(","));
      return (name) => names.has(name);
    }
    case "startswith":
      return (name) => name.startsWith(operand);
    default:
      return () => true;
  }
}

/** @throws BadAssociated */
function flag(value: string): boolean {
  const lower = value.toLowerCase();
  if (lower !== "true" && lower !== "false") throw new BadAssociated();
  return lower === "true";
}

export const handler = lambda(listTraits);
