import * as z from "zod";
import { dashedUuid, uuidLike } from "../../lib/api/schemas.ts";
import { dashedUuids } from "../../lib/api/uuid-lists.ts";
import type { VersionText } from "../../lib/model/microversion.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import { pageParameters } from "../shared/paging.ts";
import { includeParameter } from "./include.ts";

const MAX_PROVIDER_NAME = 200;

const parent = { parent_provider_uuid: uuidLike().nullable().optional() };

const create = { name: z.string().min(1).max(MAX_PROVIDER_NAME), uuid: uuidLike().optional() };

export const createBody = {
  "1.0": z.strictObject(create),
  "1.14": z.strictObject({ ...create, ...parent }),
};

/** An empty name is accepted here, unlike on creation. */
const update = { name: z.string().max(MAX_PROVIDER_NAME) };

export const updateBody = {
  "1.0": z.strictObject(update),
  "1.14": z.strictObject({ ...update, ...parent }),
};

type Body = z.infer<(typeof createBody | typeof updateBody)[keyof typeof createBody]>;

/** Undefined if the body names none, as before 1.14. */
export function parentIn(body: Body): Uuid | null | undefined {
  return "parent_provider_uuid" in body ? body.parent_provider_uuid : undefined;
}

/** Our extension; all other parameters are ignored, as in Placement. */
export const deleteQuery = {
  "1.0": z.looseObject({ subtree: z.enum(["true", "false"]).optional() }),
};

const text = z.string().optional();

/** Our extensions: `uuid=in:A,B`, `include`, and pages. */
const byIdentity = { name: text, uuid: dashedUuids().optional(), ...pageParameters };
const atFirst = { ...byIdentity, include: includeParameter("1.0") };
const byAggregate = { ...byIdentity, member_of: text, include: includeParameter("1.1") };
const byResources = { ...byAggregate, resources: text };
const withTraits = { ...byResources, include: includeParameter("1.6") };
const byTree = { ...withTraits, in_tree: dashedUuid().optional() };
const byTraits = { ...byTree, required: text };

export const listQuery: Record<VersionText, z.ZodType> = {
  "1.0": z.strictObject(atFirst),
  "1.1": z.strictObject({ ...byIdentity, include: includeParameter("1.1") }),
  "1.3": z.strictObject(byAggregate),
  "1.4": z.strictObject(byResources),
  "1.6": z.strictObject(withTraits),
  "1.14": z.strictObject(byTree),
  "1.18": z.strictObject(byTraits),
};
