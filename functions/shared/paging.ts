/** Pages of lists, our extension: `limit`, `marker`, `next_marker`. See docs/bulk-reads.md. */
import * as z from "zod";
import type { Query } from "../../lib/api/query.ts";
import { InvalidQuery } from "../../lib/api/refusals.ts";

export const MAX_PAGE = 1_000;
export const DEFAULT_PAGE = 100;

/** The parameters of a page, at every version. A greater limit than `MAX_PAGE` is cut. */
export const pageParameters = {
  limit: z
    .string()
    .regex(/^[1-9][0-9]{0,3}$/)
    .optional(),
  marker: z
    .string()
    .min(1)
    .max(1024)
    .regex(/^[A-Za-z0-9_-]+$/)
    .optional(),
};

/** For the schema of a list that may be answered in pages. */
export const maybeMarker = { next_marker: z.string().nullable().optional() };

export interface PageRequest {
  readonly limit: number;
  /** The position of the last entry of the page before. */
  readonly after: string | undefined;
}

/**
 * The page that a query asks for, the first of 100 if it says no more.
 * @param place the form of a position in this list
 * @throws InvalidQuery
 */
export function pageOf(query: Query, place: RegExp): PageRequest {
  const { limit, marker } = query.last();
  const after = marker && Buffer.from(marker, "base64url").toString("utf8");
  if (after !== undefined && !place.test(after)) throw notOfThisList();
  return { limit: Math.min(Number(limit ?? DEFAULT_PAGE), MAX_PAGE), after };
}

/** The same; undefined if the query asks for no page, so that the whole list is answered. */
export function pageAskedFor(query: Query, place: RegExp): PageRequest | undefined {
  const { limit, marker } = query.last();
  return limit === undefined && marker === undefined ? undefined : pageOf(query, place);
}

export function notOfThisList(): InvalidQuery {
  return new InvalidQuery("'marker' is no next_marker of such a list");
}

/** The opaque marker of a position; null on the last page. */
export function markerOf(place: string | undefined): string | null {
  return place === undefined ? null : Buffer.from(place, "utf8").toString("base64url");
}
