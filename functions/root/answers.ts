import * as z from "zod";
import type { Answers } from "../../lib/api/operation.ts";
import { links } from "../shared/answer-schemas.ts";

const version = z.strictObject({
  id: z.string(),
  min_version: z.string(),
  max_version: z.string(),
  status: z.literal("CURRENT"),
  links: links(["self"]),
});

export const rootAnswers: Answers = {
  "1.0": { 200: z.strictObject({ versions: z.array(version) }) },
};
