import * as z from "zod";

export const statusQuery = { "1.0": z.strictObject({}) };
