/**
 * The route that API Gateway chooses for a request.
 *
 * Source: API Gateway developer guide, "Create routes for HTTP APIs": whole matches before greedy
 * ones, and `$default` last. A REST API chooses a path first, and a method of that path then.
 */
import { matchPath } from "../../../../lib/api/routes.ts";
import type { PlayedApi, Route } from "./api.ts";

export interface RouteMatch {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

interface Ranked extends RouteMatch {
  /** The lower, the more specific. */
  readonly rank: number;
}

const GREEDY = 100;
const DEFAULT = 1_000;

/** @param path decoded, without stage and mapping key */
export function routeFor(api: PlayedApi, method: string, path: string): RouteMatch | undefined {
  const matching = api.routes.flatMap((route): Ranked[] => {
    const found = match(route, path);
    return found === undefined ? [] : [found];
  });
  const onPath =
    api.format === "2.0"
      ? matching
      : matching.filter(({ rank }) => rank === Math.min(...matching.map((each) => each.rank)));
  const [best] = onPath
    .filter(({ route }) => route.method === method || route.method === "ANY")
    .sort(
      (a, b) =>
        a.rank - b.rank || Number(a.route.method === "ANY") - Number(b.route.method === "ANY"),
    );
  return best;
}

function match(route: Route, path: string): Ranked | undefined {
  if (route.path === undefined) return { route, parameters: {}, rank: DEFAULT };
  const [, before, name] = /^(.*)\/\{(\w+)\+\}$/.exec(route.path) ?? [];
  if (before !== undefined && name !== undefined) {
    if (before !== "" || path === "/") return undefined;
    return { route, parameters: { [name]: path.slice(1) }, rank: GREEDY };
  }
  const parameters = matchPath(route.path, path);
  return parameters && { route, parameters, rank: Object.keys(parameters).length };
}
