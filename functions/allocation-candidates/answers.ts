import * as z from "zod";
import type { Answers } from "../../lib/api/operation.ts";
import { integer } from "../../lib/api/schemas.ts";
import { amounts, uuid } from "../shared/answer-schemas.ts";

const resources = z.record(z.string(), z.strictObject({ capacity: integer(), used: integer() }));
const traits = { traits: z.array(z.string()) };
const tree = { parent_provider_uuid: uuid().nullable(), root_provider_uuid: uuid() };

const listed = z.strictObject({
  resource_provider: z.strictObject({ uuid: uuid() }),
  resources: amounts(),
});
const byProvider = z.record(z.string(), z.strictObject({ resources: amounts() }));
const mappings = { mappings: z.record(z.string(), z.array(uuid())) };

const condition = z.strictObject({
  condition: z.string(),
  providers: integer({ min: 0 }),
  trees: integer({ min: 0 }),
});
const together = z.strictObject({
  condition: z.string(),
  satisfied: z.boolean().nullable(),
  trees: integer({ min: 0 }).optional(),
});
const removedBy = { removed_by: z.string().nullable() };

/** Our extension, for `explain=true`. */
const explanation = z.strictObject({
  groups: z.record(z.string(), z.strictObject({ conditions: z.array(condition), ...removedBy })),
  all_groups: z.strictObject({ conditions: z.array(together), ...removedBy }),
  complete: z.boolean(),
});

function candidates(request: z.ZodRawShape, summary: z.ZodRawShape) {
  return {
    200: z.strictObject({
      allocation_requests: z.array(z.strictObject(request)),
      provider_summaries: z.record(z.string(), z.strictObject({ resources, ...summary })),
      explanation: explanation.optional(),
    }),
  };
}

export const candidatesAnswers: Answers = {
  "1.10": candidates({ allocations: z.array(listed) }, {}),
  "1.12": candidates({ allocations: byProvider }, {}),
  "1.17": candidates({ allocations: byProvider }, traits),
  "1.29": candidates({ allocations: byProvider }, { ...traits, ...tree }),
  "1.34": candidates({ allocations: byProvider, ...mappings }, { ...traits, ...tree }),
};
