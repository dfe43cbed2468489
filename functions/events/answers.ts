import * as z from "zod";
import type { Answers } from "../../lib/api/operation.ts";
import { ofConsumer, ofProvider } from "../history/answers.ts";

export const eventsAnswers: Answers = {
  "1.0": {
    200: z.strictObject({
      /** In their order for each subject. */
      events: z.array(z.union([ofConsumer, ofProvider])),
      /** The cursor with which the next request goes on. */
      next: z.string(),
    }),
  },
};
