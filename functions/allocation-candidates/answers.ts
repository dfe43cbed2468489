import * as z from "zod";
import type { Answers } from "../../lib/api/operation.ts";
import { integer } from "../../lib/api/schemas.ts";
import { amounts, generation, uuid } from "../shared/answer-schemas.ts";

const resources = { resources: amounts() };
const listed = z.strictObject({
  allocations: z.array(
    z.strictObject({ resource_provider: z.strictObject({ uuid: uuid() }), ...resources }),
  ),
});
const byProvider = { allocations: z.record(z.string(), z.strictObject(resources)) };
const mapped = { ...byProvider, mappings: z.record(z.string(), z.array(uuid())) };

const inventory = z.strictObject({ capacity: integer(), used: generation() });
const summary = { resources: z.record(z.string(), inventory) };
const withTraits = { ...summary, traits: z.array(z.string()) };
const inTree = {
  ...withTraits,
  parent_provider_uuid: uuid().nullable(),
  root_provider_uuid: uuid(),
};

const group = z.strictObject({
  conditions: z.array(
    z.strictObject({ condition: z.string(), providers: generation(), trees: generation() }),
  ),
  removed_by: z.string().nullable(),
});
const joint = z.strictObject({
  condition: z.string(),
  satisfied: z.boolean().nullable(),
  trees: generation().optional(),
});
/** Our extension: only with explain=true. */
const explanation = z.strictObject({
  groups: z.record(z.string(), group),
  all_groups: z.strictObject({ conditions: z.array(joint), removed_by: z.string().nullable() }),
  complete: z.boolean(),
});

function candidates(request: z.ZodType, provider: z.ZodRawShape) {
  return {
    200: z.strictObject({
      allocation_requests: z.array(request),
      provider_summaries: z.record(z.string(), z.strictObject(provider)),
      explanation: explanation.optional(),
    }),
  };
}

export const listAnswers: Answers = {
  "1.10": candidates(listed, summary),
  "1.12": candidates(z.strictObject(byProvider), summary),
  "1.17": candidates(z.strictObject(byProvider), withTraits),
  "1.29": candidates(z.strictObject(byProvider), inTree),
  "1.34": candidates(z.strictObject(mapped), inTree),
};
