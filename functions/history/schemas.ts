import * as z from "zod";
import { pageParameters } from "../shared/paging.ts";

const time = () => z.iso.datetime({ offset: true }).optional();

/** Both times are included. */
export const historyQuery = {
  "1.0": z.strictObject({ from: time(), to: time(), ...pageParameters }),
};
