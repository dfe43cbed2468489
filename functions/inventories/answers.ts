import * as z from "zod";
import type { Answers } from "../../lib/api/operation.ts";
import { inventoryFields, ofProvider } from "../shared/answer-schemas.ts";

const one = z.strictObject({ ...ofProvider, ...inventoryFields });

/** All inventories of a provider. */
export const allShape = z.strictObject({
  ...ofProvider,
  inventories: z.record(z.string(), z.strictObject(inventoryFields)),
});

export const oneAnswers: Answers = { "1.0": { 200: one } };
export const allAnswers: Answers = { "1.0": { 200: allShape } };
export const createAnswers: Answers = { "1.0": { 201: one } };
