/** The schemas of a list of providers: whole or in pages, with what is included of each. */
import * as z from "zod";
import type { Answers } from "../../lib/api/operation.ts";
import { aggregatesShapes } from "../aggregates/answers.ts";
import { holderShapes } from "../allocations/answers.ts";
import { allShape } from "../inventories/answers.ts";
import { traitsShape } from "../provider-traits/answers.ts";
import { maybeMarker } from "../shared/paging.ts";
import { byProviderShape } from "../usages/answers.ts";
import { providerShapes } from "./answers.ts";

const holders = {
  "1.0": z.strictObject(holderShapes["1.0"]).optional(),
  "1.28": z.strictObject(holderShapes["1.28"]).optional(),
};
const atFirst = {
  inventories: allShape.optional(),
  usages: byProviderShape.optional(),
  allocations: holders["1.0"],
};
const withAggregates = { ...atFirst, aggregates: aggregatesShapes["1.1"].optional() };
const withTraits = { ...withAggregates, traits: traitsShape.optional() };
const counted = { ...withTraits, aggregates: aggregatesShapes["1.19"].optional() };
const fenced = { ...counted, allocations: holders["1.28"] };

function list(provider: z.ZodRawShape, included: z.ZodRawShape) {
  const each = z.strictObject({ ...provider, included: z.strictObject(included).optional() });
  return { 200: z.strictObject({ resource_providers: z.array(each), ...maybeMarker }) };
}

export const listAnswers: Answers = {
  "1.0": list(providerShapes["1.0"], atFirst),
  "1.1": list(providerShapes["1.1"], withAggregates),
  "1.6": list(providerShapes["1.6"], withTraits),
  "1.11": list(providerShapes["1.11"], withTraits),
  "1.14": list(providerShapes["1.14"], withTraits),
  "1.19": list(providerShapes["1.14"], counted),
  "1.28": list(providerShapes["1.14"], fenced),
};
