import * as z from "zod";
import type { Answers } from "../../lib/api/operation.ts";
import { ofProvider } from "../shared/answer-schemas.ts";

export const traitsShape = z.strictObject({ traits: z.array(z.string()), ...ofProvider });

export const traitsAnswers: Answers = { "1.6": { 200: traitsShape } };
