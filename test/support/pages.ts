/** Walks through a list page by page, as a client does. */
import { expect } from "vitest";
import type { HttpAnswer } from "./http-client.ts";
import type { Requester } from "./world.ts";

/** Far more than any test has. */
const MAX_PAGES = 500;

export interface Walk {
  /** With a query, or none: `/traits?name=startswith:CUSTOM_`. */
  readonly path: string;
  readonly limit: number;
  /** Default `1.39`. */
  readonly version?: string;
  /** Between two pages. */
  readonly between?: () => Promise<void>;
}

/** The bodies of all pages. Only the last one has no `next_marker`. */
export async function pagesOf(
  { request }: Requester,
  { path, limit, version = "1.39", between }: Walk,
): Promise<HttpAnswer["body"][]> {
  const pages: HttpAnswer["body"][] = [];
  const joint = path.includes("?") ? "&" : "?";
  let marker = "";
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const target = `${path}${joint}limit=${limit}${marker}`;
    const { status, body } = await request("GET", target, { version });
    expect([target, status, body.errors]).toEqual([target, 200, undefined]);
    pages.push(body);
    if (body.next_marker === null) return pages;
    expect(body.next_marker).toMatch(/^[A-Za-z0-9_-]+$/);
    marker = `&marker=${body.next_marker}`;
    await between?.();
  }
  throw new Error("the pages do not end");
}

/** The names or uuids on each page. */
export async function walked(
  api: Requester,
  walk: Walk,
  entries: (body: HttpAnswer["body"]) => string[],
): Promise<string[][]> {
  const pages = (await pagesOf(api, walk)).map(entries);
  for (const page of pages) expect(page.length).toBeLessThanOrEqual(walk.limit);
  return pages;
}

type Body = HttpAnswer["body"];

export const providersOf = (body: Body): string[] =>
  body.resource_providers.map(({ uuid }: { uuid: string }) => uuid);
export const traitsOf = (body: Body): string[] => body.traits;
export const classesOf = (body: Body): string[] =>
  body.resource_classes.map(({ name }: { name: string }) => name);
export const holdersOf = (body: Body): string[] => Object.keys(body.allocations);

/** Texts that are no limit and no marker, and what their refusal says. */
export const BAD_PAGES: readonly (readonly [query: string, message: RegExp])[] = [
  ["limit=0", /\['limit'\]/],
  ["limit=-1", /\['limit'\]/],
  ["limit=1.5", /\['limit'\]/],
  ["limit=x", /\['limit'\]/],
  ["limit=", /\['limit'\]/],
  ["limit=10000", /\['limit'\]/],
  ["marker=", /\['marker'\]/],
  ["marker=a%20b", /\['marker'\]/],
  [`marker=${"a".repeat(1_025)}`, /\['marker'\]/],
  ["marker=eHg", /'marker' is no next_marker of such a list/],
  [`limit=2&marker=${"x".repeat(1_024)}`, /'marker' is no next_marker of such a list/],
];
