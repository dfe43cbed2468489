import * as z from "zod";

export const metricsQuery = {
  "1.0": z.strictObject({
    part: z
      .string()
      .regex(/^[1-9][0-9]{0,2}\/[1-9][0-9]{0,2}$/)
      .optional(),
    allocations: z.enum(["true", "false"]).optional(),
  }),
};
