import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation, NO_CONTENT } from "../../lib/api/operation.ts";
import { nameParameter } from "../../lib/api/path-parameters.ts";
import { TraitNotFound } from "../../lib/model/refusals/traits.ts";
import { STANDARD_TRAIT_IDS } from "../../lib/model/standard-traits.ts";
import { readTrait } from "../../lib/store/names/traits.ts";

/** API reference, "Show traits": whether the trait exists. */
export const showTrait = defineOperation({
  id: "traits/show",
  summary: "Check that a trait exists",
  route: "GET /traits/{name}",
  params: { name: nameParameter },
  since: "1.6",
  rule: "placement:traits:show",
  access: ["GetItem"],
  ignoresAccept: true,
  answers: NO_CONTENT,
  refusals: [TraitNotFound],
  async run({ params }, { store, clock }) {
    const { name } = params;
    if (STANDARD_TRAIT_IDS.has(name)) return { status: 204, lastModified: clock.now() };
    const trait = await readTrait(store, name);
    if (trait === undefined) throw new TraitNotFound(name);
    return { status: 204, lastModified: trait.updated };
  },
});

export const handler = lambda(showTrait);
