import * as z from "zod";
import type { Answers } from "../../lib/api/operation.ts";
import { integer } from "../../lib/api/schemas.ts";
import { time } from "../shared/answer-schemas.ts";

const count = () => integer({ min: 0 });
const seconds = () => z.number().min(0);
const milliseconds = () => z.number().min(0).nullable();

const largeChange = z.strictObject({
  id: z.string(),
  state: z.enum(["pending", "committed", "aborted"]),
  /** Null: an earlier release began it. */
  since: time().nullable(),
  items: count().nullable(),
  /** From then on others may abort it, if it is not decided. */
  expires_at: time(),
});

/** Of the last walk through the whole table. */
const verification = z.strictObject({
  since: time(),
  at: time(),
  checked: count(),
  findings: count(),
  repaired: count(),
  unsettled: count(),
  rules: z.array(z.strictObject({ rule: z.string(), findings: count() })),
});

/** Of the local server since its start. */
const requests = z.strictObject({
  since: time(),
  by_operation: z.array(
    z.strictObject({
      operation: z.string(),
      count: count(),
      errors: count(),
      p50_ms: milliseconds(),
      p99_ms: milliseconds(),
    }),
  ),
  refusals: z.array(
    z.strictObject({ status: integer({ min: 400 }), code: z.string(), count: count() }),
  ),
});

export const statusAnswers: Answers = {
  "1.0": {
    200: z.strictObject({
      time: time(),
      release: z.string(),
      /** `server`: `requests` are those of the only process that serves; `table`: of the table alone. */
      scope: z.enum(["server", "table"]),
      large_changes: z.array(largeChange),
      more_large_changes: z.boolean(),
      verification: verification.nullable(),
      leases: z.strictObject({
        lag_seconds: seconds(),
        swept_at: time().nullable(),
        held_until: time().nullable(),
      }),
      /** Null: events are not fed. */
      events: z
        .strictObject({ lag_seconds: seconds().nullable(), appended_at: time().nullable() })
        .nullable(),
      requests: requests.nullable(),
    }),
  },
};
