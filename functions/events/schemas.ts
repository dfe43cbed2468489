import * as z from "zod";
import { dateTime, externalId, uuidLike } from "../../lib/api/schemas.ts";

/** Seconds. */
export const MAX_WAIT = 20;

/** Characters: it has a number for each partition of the feed. */
const MAX_CURSOR = 300;

export const eventsQuery = {
  "1.0": z.strictObject({
    subject: uuidLike().optional(),
    project: externalId().optional(),
    since: dateTime().optional(),
    after: z
      .string()
      .min(1)
      .max(MAX_CURSOR)
      .regex(/^[0-9a-z._-]+$/)
      .optional(),
    wait: z
      .string()
      .regex(/^(?:1?[0-9]|20)$/)
      .optional(),
    limit: z
      .string()
      .regex(/^[1-9][0-9]{0,3}$/)
      .optional(),
  }),
};
