/** The building blocks of the schemas of answers. */
import * as z from "zod";
import { dashedUuid, integer } from "../../lib/api/schemas.ts";

export const generation = () => integer({ min: 0 });

/** `{VCPU: 2, MEMORY_MB: 1024}` */
export const amounts = () => z.record(z.string(), integer({ min: 0 }));

export const uuid = dashedUuid;

export const time = () => z.iso.datetime();

export const links = (relations: readonly string[]) =>
  z.array(z.strictObject({ rel: z.enum(relations), href: z.string() })).length(relations.length);

/** The generation of the provider that an answer is about. */
export const ofProvider = { resource_provider_generation: generation() };

/** The fields of an inventory. */
export const inventoryFields = {
  total: integer({ min: 1 }),
  reserved: integer({ min: 0 }),
  min_unit: integer({ min: 1 }),
  max_unit: integer({ min: 1 }),
  step_size: integer({ min: 1 }),
  allocation_ratio: z.number(),
};
