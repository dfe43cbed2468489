import * as z from "zod";
import type { Answers } from "../../lib/api/operation.ts";
import { ofProvider } from "../shared/answer-schemas.ts";

/** Each in the spelling in which it was written. */
const aggregates = { aggregates: z.array(z.string()) };

export const aggregatesShapes = {
  "1.1": z.strictObject(aggregates),
  "1.19": z.strictObject({ ...aggregates, ...ofProvider }),
} as const;

export const aggregatesAnswers: Answers = {
  "1.1": { 200: aggregatesShapes["1.1"] },
  "1.19": { 200: aggregatesShapes["1.19"] },
};
