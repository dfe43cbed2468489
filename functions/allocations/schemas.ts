import * as z from "zod";
import {
  byUuid,
  CLASS_NAME,
  consumerType,
  externalId,
  integer,
  record,
  uuidLike,
} from "../../lib/api/schemas.ts";
import { consumerUuids } from "../../lib/api/uuid-lists.ts";
import { pageParameters } from "../shared/paging.ts";

/** Amounts have no maximum: one that exceeds the inventory has its own refusal. */
const resources = record(CLASS_NAME, integer({ min: 1 }), { min: 1 });

/** A generation beside the resources is accepted and ignored. */
const held = z.strictObject({ generation: integer().optional(), resources });

const owner = { project_id: externalId(), user_id: externalId() };
const generation = { consumer_generation: integer().nullable() };
const type = { consumer_type: consumerType() };

/** Which provider satisfies which request group: accepted as in a candidate, and not stored. */
const mappings = {
  mappings: record(/^[a-zA-Z0-9_-]{0,64}$/, z.array(uuidLike()).min(1), { min: 1 }).optional(),
};

const listed = z.strictObject({
  resource_provider: z.strictObject({ uuid: uuidLike() }),
  resources,
});
const list = { allocations: z.array(listed).min(1) };
const full = { allocations: byUuid(held, { min: 1 }) };
const maybeEmpty = { allocations: byUuid(held) };

export const replaceBody = {
  "1.0": z.strictObject(list),
  "1.8": z.strictObject({ ...list, ...owner }),
  "1.12": z.strictObject({ ...full, ...owner }),
  "1.28": z.strictObject({ ...maybeEmpty, ...owner, ...generation }),
  "1.34": z.strictObject({ ...maybeEmpty, ...owner, ...generation, ...mappings }),
  "1.38": z.strictObject({ ...maybeEmpty, ...owner, ...generation, ...mappings, ...type }),
} as const;
export type ReplaceBody = z.infer<(typeof replaceBody)[keyof typeof replaceBody]>;

const oneOfMany = {
  "1.13": z.strictObject({ ...maybeEmpty, ...owner }),
  "1.28": replaceBody["1.28"],
  "1.34": replaceBody["1.34"],
  "1.38": replaceBody["1.38"],
} as const;

/** Several consumers, or none. */
export const manyConsumers = {
  "1.28": byUuid(oneOfMany["1.28"]),
  "1.34": byUuid(oneOfMany["1.34"]),
  "1.38": byUuid(oneOfMany["1.38"]),
} as const;

export const manageBody = {
  "1.13": byUuid(oneOfMany["1.13"], { min: 1 }),
  "1.28": byUuid(oneOfMany["1.28"], { min: 1 }),
  "1.34": byUuid(oneOfMany["1.34"], { min: 1 }),
  "1.38": byUuid(oneOfMany["1.38"], { min: 1 }),
} as const;

/** Other parameters are ignored, as in Placement. */
export const listByProviderQuery = { "1.0": z.looseObject(pageParameters) };

/** Our extension: a consumer, or several, `in:A,B`. */
export const listQuery = { "1.0": z.strictObject({ consumer_uuid: consumerUuids() }) };

/** Our extension: how many consumers are released at most. */
export const emptyQuery = { "1.0": z.strictObject({ limit: pageParameters.limit }) };
