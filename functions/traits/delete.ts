import { changing, noContent } from "../../lib/api/answer.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation, NO_CONTENT } from "../../lib/api/operation.ts";
import { nameParameter } from "../../lib/api/path-parameters.ts";
import { StandardTrait, TraitInUse, TraitNotFound } from "../../lib/model/refusals/traits.ts";
import { STANDARD_TRAIT_IDS } from "../../lib/model/standard-traits.ts";
import { traitDeletion } from "../../lib/store/names/traits.ts";
import { WRITING } from "../../lib/store/table/connection.ts";

/** API reference, "Delete traits". */
export const deleteOneTrait = defineOperation({
  id: "traits/delete",
  summary: "Delete a custom trait",
  route: "DELETE /traits/{name}",
  params: { name: nameParameter },
  since: "1.6",
  rule: "placement:traits:delete",
  access: WRITING,
  answers: NO_CONTENT,
  refusals: [StandardTrait, TraitNotFound, TraitInUse],
  async run({ params }, { store }) {
    const { name } = params;
    if (STANDARD_TRAIT_IDS.has(name)) throw new StandardTrait(name);
    return changing(traitDeletion(store, name), noContent);
  },
});

export const handler = lambda(deleteOneTrait);
