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

/** The body with the base path in its links, and in those of the objects that it lists. */
export function linksAt({ inbound }: RequestContext, body: unknown): unknown {
  const base = inbound?.base.path ?? "";
  return base === "" ? body : linked(base, body, 1);
}

/** @param levels of lists below that may have links */
function linked(base: string, value: unknown, levels: number): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([name, member]) => {
    if (!Array.isArray(member)) return [name, member];
    if (name === "links") return [name, member.map((link) => behind(base, link))];
    return [name, levels === 0 ? member : member.map((each) => linked(base, each, levels - 1))];
  });
  return Object.fromEntries(entries);
}

/** An `href` that is empty is relative to the request. */
function behind(base: string, link: unknown): unknown {
  if (typeof link !== "object" || link === null || !("href" in link)) return link;
  const { href } = link;
  return typeof href === "string" && href.startsWith("/")
    ? { ...link, href: `${base}${href}` }
    : link;
}
