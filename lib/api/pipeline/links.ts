/**
 * Links and `Location` as the client needs them: behind the base path under which it sees
 * the API. What an operation answers, and what is kept under an idempotency key, has none.
 */
import type { RequestContext } from "./request-context.ts";

type Headers = Readonly<Record<string, string>>;

/** `Location` with scheme, host and base path. */
export function locationAt({ inbound }: RequestContext, headers: Headers = {}): Headers {
  const { location } = headers;
  if (inbound === undefined || !location?.startsWith("/")) return headers;
  const { origin, path } = inbound.base;
  return { ...headers, location: `${origin}${path}${location}` };
}

/** The path below which the client sees the API: empty, or like `/placement`. */
export function basePathOf({ inbound }: RequestContext): string {
  return inbound?.base.path ?? "";
}

/** The body with the base path in its links, and in those of the objects that it lists. */
export function linksAt(context: RequestContext, body: unknown): unknown {
  const base = basePathOf(context);
  if (base === "" || typeof body !== "object" || body === null || Array.isArray(body)) return body;
  const members = Object.entries(withLinks(base, body)).map(([name, member]) => {
    const isList = Array.isArray(member) && name !== "links";
    return [name, isList ? member.map((each) => withLinks(base, each)) : member];
  });
  return Object.fromEntries(members);
}

/** What has no links stays as it is, uncopied: an answer may list thousands of such objects. */
function withLinks<T>(base: string, value: T): T {
  if (typeof value !== "object" || value === null || !("links" in value)) return value;
  const { links } = value;
  return Array.isArray(links)
    ? { ...value, links: links.map((link) => behind(base, link)) }
    : value;
}

/** An `href` that is empty is relative to the request. */
function behind(base: string, link: unknown): unknown {
  if (typeof link !== "object" || link === null || !("href" in link)) return link;
  const { href } = link;
  return typeof href === "string" && href.startsWith("/")
    ? { ...link, href: `${base}${href}` }
    : link;
}
