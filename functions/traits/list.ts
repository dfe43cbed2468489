import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { BadAssociated, BadTraitsName } from "../../lib/model/refusals/traits.ts";
import { STANDARD_TRAIT_IDS } from "../../lib/model/standard-traits.ts";
import { usedTraits } from "../../lib/store/names/traits.ts";
import { listAnswers } from "./answers.ts";
import { listQuery } from "./schemas.ts";

/** API reference, "List traits". */
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
    const { name, associated } = query.last();
    const named = name === undefined ? () => true : nameFilter(name);
    const wanted = associated === undefined ? undefined : flag(associated);
    const used = wanted === undefined ? undefined : await store.list(usedTraits);
    const custom = await store.customNames("TRAITS");
    const all = [...STANDARD_TRAIT_IDS, ...custom.map((each) => [each.name, each.id] as const)];
    const traits = all
      .filter(([each, id]) => named(each) && (used === undefined || used.has(id) === wanted))
      .map(([each]) => each);
    // Standard traits have no time of their own, so that the list is as new as the request.
    return { status: 200, body: { traits }, lastModified: clock.now() };
  },
});

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
