import * as z from "zod";
import type { Answers } from "../../lib/api/operation.ts";
import { ofProvider, uuid } from "../shared/answer-schemas.ts";

const aggregates = { aggregates: z.array(uuid()) };

export const aggregatesAnswers: Answers = {
  "1.1": { 200: z.strictObject(aggregates) },
  "1.19": { 200: z.strictObject({ ...aggregates, ...ofProvider }) },
};
