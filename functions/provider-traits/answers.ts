import * as z from "zod";
import type { Answers } from "../../lib/api/operation.ts";
import { ofProvider } from "../shared/answer-schemas.ts";

export const traitsAnswers: Answers = {
  "1.6": { 200: z.strictObject({ traits: z.array(z.string()), ...ofProvider }) },
};
