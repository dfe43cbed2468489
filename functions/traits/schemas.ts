import * as z from "zod";
import { customName } from "../../lib/api/schemas.ts";
import type { VersionText } from "../../lib/model/microversion.ts";
import { pageParameters } from "../shared/paging.ts";

export const customTrait = customName();

export const listQuery: Record<VersionText, z.ZodType> = {
  "1.6": z.strictObject({
    name: z.string().optional(),
    associated: z.string().optional(),
    ...pageParameters,
  }),
};
