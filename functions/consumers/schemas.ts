import * as z from "zod";
import { MAX_LIFE } from "../../lib/api/lease-headers.ts";
import { consumerType, dateTime, externalId, integer, uuidLike } from "../../lib/api/schemas.ts";
import { pageParameters } from "../shared/paging.ts";

const owner = {
  project_id: externalId(),
  user_id: externalId(),
  consumer_type: consumerType().optional(),
};
const generation = { consumer_generation: integer() };

const create = z.strictObject({ uuid: uuidLike().optional(), ...owner });
export const createBody = { "1.0": create };

const update = z.strictObject({ ...owner, ...generation });
export const updateBody = { "1.0": update };

const raise = z.strictObject(generation);
export const raiseBody = { "1.0": raise };

const renew = z.strictObject({
  seconds: integer({ min: 1 }),
  life: z.string().min(1).max(MAX_LIFE).optional(),
  lease_version: integer().optional(),
});
export const renewBody = { "1.0": renew };

/** A number in a query string: digits, few enough to be exact. */
const digits = () => z.string().regex(/^[0-9]{1,15}$/);

export const deleteQuery = { "1.0": z.strictObject({ generation: digits() }) };

/**
 * Consumers of a project; with `idle_for` those that have been idle for so many seconds, with
 * `expires_before` those whose leases expire before a time; with none of these those of all projects,
 * or of one provider.
 */
export const listQuery = {
  "1.0": z.strictObject({
    project_id: externalId().optional(),
    user_id: externalId().optional(),
    consumer_type: z
      .string()
      .min(1)
      .max(255)
      .regex(/^[A-Z0-9_]+$|^unknown$/)
      .optional(),
    idle_for: digits().optional(),
    expires_before: dateTime().optional(),
    older_than: digits().optional(),
    provider: uuidLike().optional(),
    ...pageParameters,
  }),
};
