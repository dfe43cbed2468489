import * as z from "zod";
import type { Answers } from "../../lib/api/operation.ts";
import { integer } from "../../lib/api/schemas.ts";
import { amounts, generation, time, uuid } from "../shared/answer-schemas.ts";

const claimed = z.strictObject({
  uuid: uuid(),
  consumer_generation: generation(),
  life: z.string(),
  expires_at: time().optional(),
  lease_version: generation().optional(),
  allocations: z.record(z.string(), z.strictObject({ resources: amounts() })),
  mappings: z.record(z.string(), z.array(uuid())),
});

export const createAnswers: Answers = {
  "1.0": {
    201: z.strictObject({
      alternative: integer({ min: 0 }),
      tries: integer({ min: 1 }),
      consumers: z.array(claimed),
    }),
  },
};
