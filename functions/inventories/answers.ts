import * as z from "zod";
import type { Answers } from "../../lib/api/operation.ts";
import { integer } from "../../lib/api/schemas.ts";
import { ofProvider } from "../shared/answer-schemas.ts";

const fields = {
  total: integer({ min: 1 }),
  reserved: integer({ min: 0 }),
  min_unit: integer({ min: 1 }),
  max_unit: integer({ min: 1 }),
  step_size: integer({ min: 1 }),
  allocation_ratio: z.number(),
};

const one = z.strictObject({ ...ofProvider, ...fields });
/** All inventories of a provider. */
export const allShape = z.strictObject({
  ...ofProvider,
  inventories: z.record(z.string(), z.strictObject(fields)),
});

export const oneAnswers: Answers = { "1.0": { 200: one } };
export const allAnswers: Answers = { "1.0": { 200: allShape } };
export const createAnswers: Answers = { "1.0": { 201: one } };
