import * as z from "zod";
import { integer, MAX_NAME } from "../../lib/api/schemas.ts";

/** Only lengths are checked here: a name that does not exist is refused as unknown. */
const replace = z.strictObject({
  traits: z.array(z.string().min(1).max(MAX_NAME)),
  resource_provider_generation: integer(),
});

export const replaceBody = { "1.6": replace };
