import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation, NO_CONTENT, noContent } from "../../lib/api/operation.ts";
import { StandardTrait, TraitInUse, TraitNotFound } from "../../lib/model/refusals/traits.ts";
import { STANDARD_TRAIT_IDS } from "../../lib/model/standard-traits.ts";
import { deleteTrait } from "../../lib/store/names/traits.ts";
import { WRITING } from "../../lib/store/table/connection.ts";

/** API reference, "Delete traits". */
export const deleteOneTrait = defineOperation({
  id: "traits/delete",
  summary: "Delete a custom trait",
  route: "DELETE /traits/{name}",
  since: "1.6",
  rule: "placement:traits:delete",
  access: WRITING,
  answers: NO_CONTENT,
  refusals: [StandardTrait, TraitNotFound, TraitInUse],
  async run({ params }, { store }) {
    const name = params["name"] ?? "";
    if (STANDARD_TRAIT_IDS.has(name)) throw new StandardTrait(name);
    await deleteTrait(store, name);
    return noContent();
  },
});

export const handler = lambda(deleteOneTrait);
