/** Parameters of a query that name one UUID, or several: `in:A,B`. An extension. */
import * as z from "zod";
import { isUuidLike } from "../model/uuid.ts";
import { pythonRepr } from "./python-repr.ts";
import { type KeywordParams, UUID_KEY } from "./schemas.ts";

/** UUIDs of one list: more do not fit into a request line of 10,240 bytes. */
export const MAX_LISTED = 270;

const LIST = "in:";

/** The members of a list, as the client wrote them; undefined: the text is no list. */
export function listedIn(text: string): string[] | undefined {
  return text.startsWith(LIST) ? [...new Set(text.slice(LIST.length).split(","))] : undefined;
}

/** UUIDs of 36 characters, as in `uuid=` of the list of providers. */
export const dashedUuids = () =>
  uuids((text) => isUuidLike(text) && text.length === 36, { type: "string", format: "uuid" });

/** What a consumer can be stored under: 36 hex digits and dashes, or any spelling of a UUID. */
export const consumerUuids = () =>
  uuids((text) => isUuidLike(text) || UUID_KEY.test(text), { type: "string", format: "uuid" });

function uuids(accepts: (text: string) => boolean, one: object) {
  return z
    .string()
    .superRefine((text, context) => {
      const params = faultOf(text, accepts);
      if (params !== undefined) context.addIssue({ code: "custom", params });
    })
    .meta({
      anyOf: [one, { type: "string", pattern: `^${LIST}[^,]+(,[^,]+){0,${MAX_LISTED - 1}}$` }],
    });
}

function faultOf(text: string, accepts: (text: string) => boolean): KeywordParams | undefined {
  const listed = listedIn(text);
  const bad = (listed ?? [text]).find((each) => !accepts(each));
  if (bad !== undefined) {
    const words = `${pythonRepr(bad)}, in a list of uuids, is not a 'uuid'`;
    return { keyword: "format", ...(listed === undefined ? {} : { words }) };
  }
  if (listed === undefined || listed.length <= MAX_LISTED) return undefined;
  return {
    keyword: "maxItems",
    words: `a list may have ${MAX_LISTED} uuids, and has ${listed.length}`,
  };
}
