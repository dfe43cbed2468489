import * as z from "zod";
import { byUuid } from "../../lib/api/schemas.ts";
import { manyConsumers } from "../allocations/schemas.ts";
import { providerInventories } from "../inventories/schemas.ts";

const inventories = byUuid(providerInventories);

export const reshapeBody = {
  "1.30": z.strictObject({ inventories, allocations: manyConsumers["1.28"] }),
  "1.34": z.strictObject({ inventories, allocations: manyConsumers["1.34"] }),
  "1.38": z.strictObject({ inventories, allocations: manyConsumers["1.38"] }),
} as const;
