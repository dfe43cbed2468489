import * as z from "zod";
import { customName } from "../../lib/api/schemas.ts";
import { pageParameters } from "../shared/paging.ts";

export const namedClass = z.strictObject({ name: customName() });

export const createBody = { "1.2": namedClass };

/** A rename up to 1.6; from 1.7 on there is no body. */
export const updateBody = { "1.2": namedClass, "1.7": null };

/** Other parameters are ignored, as in Placement. */
export const listQuery = { "1.2": z.looseObject(pageParameters) };
