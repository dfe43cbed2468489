/** Addresses of the views: in the hash, so that no server's log sees an id. */
import { uuidIn } from "./uuid.ts";

export const VIEWS = ["fleet", "provider", "consumers", "why-not", "health"] as const;
export type View = (typeof VIEWS)[number];

export interface Route {
  readonly view: View;
  /** A provider's or a consumer's; undefined: none is chosen. */
  readonly id: string | undefined;
  readonly query: Readonly<Record<string, string>>;
}

export const HOME: Route = { view: "fleet", id: undefined, query: {} };

/** @param hash such as `#/provider/4e8e…?tab=history`; what is no address is the first view */
export function routeOf(hash: string): Route {
  const [path = "", text = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [name, id] = path.split("/");
  const view = VIEWS.find((each) => each === name);
  if (view === undefined) return HOME;
  return {
    view,
    id: id ? idIn(decoded(id)) : undefined,
    query: Object.fromEntries(new URLSearchParams(text)),
  };
}

export function hashOf(view: View, id?: string, query: Readonly<Record<string, string>> = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== "");
  const text = new URLSearchParams(given).toString();
  return `#/${view}${id === undefined ? "" : `/${encodeURIComponent(id)}`}${text && `?${text}`}`;
}

export const providerHash = (uuid: string): string => hashOf("provider", uuid);
export const consumerHash = (uuid: string): string => hashOf("consumers", uuid);

/** What the API shows is compared with it. */
const idIn = (text: string): string => uuidIn(text) ?? text;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
