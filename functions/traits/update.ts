import { changing } from "../../lib/api/answer.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { nameParameter } from "../../lib/api/path-parameters.ts";
import { InvalidTraitName } from "../../lib/model/refusals/traits.ts";
import { traitCreationIfAbsent } from "../../lib/store/names/traits.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { updateAnswers } from "./answers.ts";
import { customTrait } from "./schemas.ts";

/** API reference, "Update traits": create if absent. */
export const updateTrait = defineOperation({
  id: "traits/update",
  summary: "Create a custom trait if absent",
  route: "PUT /traits/{name}",
  params: { name: nameParameter },
  since: "1.6",
  rule: "placement:traits:update",
  access: WRITING,
  answers: updateAnswers,
  refusals: [InvalidTraitName],
  async run({ params }, { store }) {
    const { name } = params;
    if (!customTrait.safeParse(name).success) throw new InvalidTraitName();
    return changing(traitCreationIfAbsent(store, name), ({ created, updated }) => ({
      status: created ? 201 : 204,
      headers: { location: `/traits/${name}` },
      lastModified: updated,
    }));
  },
});

export const handler = lambda(updateTrait);
