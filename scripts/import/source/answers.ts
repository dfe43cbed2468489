/** The parts of Placement's answers that an import reads. Other members are ignored. */
import * as z from "zod";
import { CLASS_NAME, UNTYPED } from "../../../lib/api/schemas.ts";
import type { Inventory } from "../../../lib/model/inventory.ts";
import { parseUuid } from "../../../lib/model/uuid.ts";

const MAX_TEXT = 255;

const uuid = z.string().transform((text, context) => {
  const found = parseUuid(text);
  if (found === undefined) context.addIssue("is not a UUID");
  return found ?? z.NEVER;
});

/** A key: Placement also keeps consumers under texts of hex digits and dashes that are no UUID. */
const spelling = z.string().regex(/^[0-9a-fA-F-]{1,36}$/);

const count = z.int().min(0);
const name = z.string().max(MAX_TEXT).regex(CLASS_NAME);

const named = z.array(z.object({ name })).transform((list) => list.map((each) => each.name));

export const versions = z.object({
  versions: z.array(z.object({ max_version: z.string().regex(/^1\.\d{1,4}$/) })).min(1),
});

export const classes = z.object({ resource_classes: named });
export const traits = z.object({ traits: z.array(name) });

export const providers = z.object({
  resource_providers: z.array(
    z.object({
      uuid,
      name: z.string().max(MAX_TEXT),
      generation: count,
      parent_provider_uuid: uuid.nullable(),
    }),
  ),
});

const generation = { resource_provider_generation: count };

const inventory = z
  .object({
    total: count,
    reserved: count,
    min_unit: count,
    max_unit: count,
    step_size: count,
    allocation_ratio: z.number(),
  })
  .transform(
    (given): Inventory => ({
      total: given.total,
      reserved: given.reserved,
      minUnit: given.min_unit,
      maxUnit: given.max_unit,
      stepSize: given.step_size,
      allocationRatio: given.allocation_ratio,
    }),
  );

export const inventories = z.object({ ...generation, inventories: z.record(name, inventory) });
export const providerTraits = z.object({ ...generation, traits: z.array(name) });
export const aggregates = z.object({ ...generation, aggregates: z.array(z.string()) });

const resources = z.record(name, z.int().min(1));

/** Who holds what on a provider. */
export const holders = z.object({
  allocations: z.record(spelling, z.object({ resources, consumer_generation: count })),
});

/** What a consumer holds; one that does not exist has no generation. */
export const consumer = z.object({
  allocations: z.record(spelling, z.object({ resources })),
  project_id: z.string().max(MAX_TEXT).optional(),
  user_id: z.string().max(MAX_TEXT).optional(),
  consumer_generation: count.optional(),
  consumer_type: z
    .string()
    .max(MAX_TEXT)
    .transform((type) => (type === UNTYPED ? null : type))
    .optional(),
});
