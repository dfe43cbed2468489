import * as z from "zod";
import type { Answers } from "../../lib/api/operation.ts";
import { maybeMarker } from "../shared/paging.ts";

export const listAnswers: Answers = {
  "1.6": { 200: z.strictObject({ traits: z.array(z.string()), ...maybeMarker }) },
};
export const updateAnswers: Answers = { "1.6": { 201: null, 204: null } };
