import * as z from "zod";
import { customName } from "../../lib/api/schemas.ts";

export const namedClass = z.strictObject({ name: customName() });

export const createBody = { "1.2": namedClass };

/** A rename up to 1.6; from 1.7 on there is no body. */
export const updateBody = { "1.2": namedClass, "1.7": null };
