import * as z from "zod";
import { LIMITS } from "../../lib/api/limits.ts";
import {
  consumerType,
  externalId,
  integer,
  type KeywordParams,
  uuidLike,
} from "../../lib/api/schemas.ts";

const MAX_CONSUMERS = 16;
const MAX_ALTERNATIVES = 8;

const consumer = z.strictObject({
  uuid: uuidLike().optional(),
  project_id: externalId(),
  user_id: externalId(),
  consumer_type: consumerType().optional(),
  /** Absent or null: the consumer is new. */
  consumer_generation: integer({ min: 0 }).nullable().optional(),
  /** Seconds, like the header `Placement-Lease`, which it replaces for this consumer. */
  lease: integer({ min: 1 }).optional(),
});

/** Those without a uuid are given one each. */
const consumers = z
  .array(consumer)
  .min(1)
  .max(MAX_CONSUMERS)
  .superRefine((given, context) => {
    const uuids = given.flatMap(({ uuid }) => uuid ?? []);
    if (new Set(uuids).size === uuids.length) return;
    const params: KeywordParams = { keyword: "uniqueItems" };
    context.addIssue({ code: "custom", params });
  });

const value = z.string().max(LIMITS.postedQueryLength);
/** As in a URL after the `?`; or by parameter, with a list for one that is repeated. */
const query = z.union([
  value,
  z.record(
    z.string().max(LIMITS.queryNameLength),
    z.union([value, z.array(value).min(1).max(LIMITS.queryParameters)]),
  ),
]);

const create = z.strictObject({
  consumers,
  /** By preference. */
  alternatives: z.array(z.strictObject({ query })).min(1).max(MAX_ALTERNATIVES),
  explain: z.boolean().optional(),
});
export const createBody = { "1.0": create };
export type CreateBody = z.infer<typeof create>;
