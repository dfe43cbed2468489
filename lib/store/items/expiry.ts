/** When an item of any kind expires. DynamoDB deletes it some time after that. */
import { TABLE_SCHEMA } from "../table/table-schema.ts";
import { attribute } from "./attributes.ts";

/** Seconds since 1970; absent: never. */
export const expiry = attribute<number | undefined>(TABLE_SCHEMA.timeToLive);
