/** Where the reader is, and how to go elsewhere. */
import { type Signal, signal } from "@preact/signals";
import { hashOf, type Route, routeOf, type View } from "../model/route.ts";

export const route: Signal<Route> = signal(routeOf(location.hash));

export function followHash(): void {
  addEventListener("hashchange", () => {
    route.value = routeOf(location.hash);
  });
}

/** Changes what the view shows without a step in the browser's history for each letter that is typed. */
export function setQuery(view: View, query: Readonly<Record<string, string>>, id?: string): void {
  history.replaceState(null, "", hashOf(view, id, query));
  route.value = routeOf(location.hash);
}
