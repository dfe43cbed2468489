import * as z from "zod";
import type { Answers } from "../../lib/api/operation.ts";
import { integer } from "../../lib/api/schemas.ts";
import { amounts, generation, ofProvider } from "../shared/answer-schemas.ts";

const held = z.record(
  z.string(),
  z.strictObject({ resources: amounts(), generation: generation() }),
);
const nothing = z.strictObject({ allocations: z.strictObject({}) });

const owner = { project_id: z.string(), user_id: z.string() };
const counted = { ...owner, consumer_generation: generation() };
const typed = { ...counted, consumer_type: z.string() };

/** Of a consumer that does not exist nothing is shown but that it holds nothing. */
export const showAnswers: Answers = {
  "1.0": { 200: z.strictObject({ allocations: held }) },
  "1.12": { 200: z.union([nothing, z.strictObject({ allocations: held, ...owner })]) },
  "1.28": { 200: z.union([nothing, z.strictObject({ allocations: held, ...counted })]) },
  "1.38": { 200: z.union([nothing, z.strictObject({ allocations: held, ...typed })]) },
};

function holders(more: z.ZodRawShape) {
  const holder = z.strictObject({ resources: z.record(z.string(), integer()), ...more });
  return z.strictObject({ allocations: z.record(z.string(), holder), ...ofProvider });
}

export const listByProviderAnswers: Answers = {
  "1.0": { 200: holders({}) },
  "1.28": { 200: holders({ consumer_generation: generation() }) },
};
