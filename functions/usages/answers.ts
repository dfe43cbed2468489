import * as z from "zod";
import type { Answers } from "../../lib/api/operation.ts";
import { amounts, generation, ofProvider } from "../shared/answer-schemas.ts";

/** The use of a provider. */
export const byProviderShape = z.strictObject({ ...ofProvider, usages: amounts() });

export const byProviderAnswers: Answers = { "1.0": { 200: byProviderShape } };

const ofType = z.object({ consumer_count: generation() }).catchall(generation());

export const projectAnswers: Answers = {
  "1.9": { 200: z.strictObject({ usages: amounts() }) },
  "1.38": { 200: z.strictObject({ usages: z.record(z.string(), ofType) }) },
};
