import * as z from "zod";
import { dateTime } from "../../lib/api/schemas.ts";
import { pageParameters } from "../shared/paging.ts";

const time = () => dateTime().optional();

/** Both times are included. */
export const historyQuery = {
  "1.0": z.strictObject({ from: time(), to: time(), ...pageParameters }),
};
