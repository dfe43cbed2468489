/** The routes of an API, from the operations list: every API has them all. */
import { refuseUnrouted } from "../../functions/fallback/refuse.ts";
import { operations } from "../../functions/index.ts";
import { type AnyOperation, methodOf, pathOf } from "../../lib/api/operation.ts";

export interface GatewayRoute {
  readonly path: string;
  /** In lower case, as OpenAPI has it; `any` is every method without a route of its own. */
  readonly method: string;
  readonly operation: AnyOperation;
  /** Whether requests reach the function without credentials. */
  readonly open: boolean;
}

/** The path of an HTTP API's default route in an OpenAPI document. */
export const DEFAULT_PATH = "/$default";
const REST_OF_PATH = "/{proxy+}";

/** With a policy rule an operation needs credentials, without one it is for everybody. */
const routeOf = (operation: AnyOperation): GatewayRoute => ({
  path: pathOf(operation),
  method: methodOf(operation).toLowerCase(),
  operation,
  open: operation.rule === undefined,
});

const toFallback = (path: string, method: string, open: boolean): GatewayRoute => ({
  path,
  method,
  operation: refuseUnrouted,
  open,
});

/** A browser's preflight request carries no credentials. */
const preflight = (path: string) => toFallback(path, "options", true);

/** @param browsers whether preflight requests are let through */
export function httpRoutes(browsers: boolean): GatewayRoute[] {
  const opened = browsers ? [preflight(REST_OF_PATH), preflight("/")] : [];
  return [...operations.map(routeOf), ...opened, toFallback(DEFAULT_PATH, "any", false)];
}

/**
 * A REST API has no default route: it chooses a path first, and then refuses methods that the
 * path lacks with an answer of its own. So every path has one for all other methods.
 */
export function restRoutes(browsers: boolean): GatewayRoute[] {
  const routes = operations.map(routeOf);
  const paths = new Set(["/", ...routes.flatMap(({ path }) => prefixesOf(path)), REST_OF_PATH]);
  const others = [...paths].flatMap((path) => [
    ...(browsers ? [preflight(path)] : []),
    toFallback(path, "any", false),
  ]);
  return [...routes, ...others];
}

/** `/a`, `/a/{b}` and `/a/{b}/c` of the last one: a REST API has a resource for each. */
function prefixesOf(path: string): string[] {
  const segments = path.split("/").slice(1);
  return segments.map((_, index) => `/${segments.slice(0, index + 1).join("/")}`);
}
