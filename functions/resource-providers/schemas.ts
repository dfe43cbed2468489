import * as z from "zod";
import { dashedUuid, uuidLike } from "../../lib/api/schemas.ts";
import type { VersionText } from "../../lib/model/microversion.ts";

const MAX_PROVIDER_NAME = 200;

const parent = { parent_provider_uuid: uuidLike().nullable().optional() };

const create = { name: z.string().min(1).max(MAX_PROVIDER_NAME), uuid: uuidLike().optional() };

export const createBody = {
  "1.0": z.strictObject(create),
  "1.14": z.strictObject({ ...create, ...parent }),
};
export type CreateBody = z.infer<(typeof createBody)["1.14"]>;

/** An empty name is accepted here, unlike on creation. */
const update = { name: z.string().max(MAX_PROVIDER_NAME) };

export const updateBody = {
  "1.0": z.strictObject(update),
  "1.14": z.strictObject({ ...update, ...parent }),
};
export type UpdateBody = z.infer<(typeof updateBody)["1.14"]>;

const text = z.string().optional();

const byIdentity = { name: text, uuid: dashedUuid().optional() };
const byAggregate = { ...byIdentity, member_of: text };
const byResources = { ...byAggregate, resources: text };
const byTree = { ...byResources, in_tree: dashedUuid().optional() };
const byTraits = { ...byTree, required: text };

export const listQuery: Record<VersionText, z.ZodType> = {
  "1.0": z.strictObject(byIdentity),
  "1.3": z.strictObject(byAggregate),
  "1.4": z.strictObject(byResources),
  "1.14": z.strictObject(byTree),
  "1.18": z.strictObject(byTraits),
};
