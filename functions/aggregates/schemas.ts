import * as z from "zod";
import { integer, unique, uuidText } from "../../lib/api/schemas.ts";

const aggregates = unique(z.array(uuidText()));

const versioned = z.strictObject({
  aggregates,
  resource_provider_generation: integer(),
});

export const replaceBody = { "1.1": aggregates, "1.19": versioned };
