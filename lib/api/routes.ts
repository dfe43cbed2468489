/** Paths and routes, matched as API Gateway's HTTP API does: by whole, decoded segments. */
import { type AnyOperation, methodOf, pathOf } from "./operation.ts";

export interface RouteMatch {
  readonly operation: AnyOperation;
  readonly params: Readonly<Record<string, string>>;
}

/** A segment of a template: a text, or the name of a parameter. */
interface Segment {
  readonly text: string;
  readonly parameter: string | undefined;
}

interface Route {
  readonly operation: AnyOperation;
  readonly segments: readonly Segment[];
}

function segmentsOf(template: string): Segment[] {
  return template.split("/").map((text) => ({ text, parameter: /^\{(\w+)\}$/.exec(text)?.[1] }));
}

function matchSegments(
  wanted: readonly Segment[],
  given: readonly string[],
): Record<string, string> | undefined {
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, { text, parameter }] of wanted.entries()) {
    const value = given[index] ?? "";
    if (parameter === undefined) {
      if (text !== value) return undefined;
    } else {
      if (value === "") return undefined;
      params[parameter] = value;
    }
  }
  return params;
}

/** The path parameters of `path` by `template`; undefined if it does not match. */
export function matchPath(template: string, path: string): Record<string, string> | undefined {
  return matchSegments(segmentsOf(template), path.split("/"));
}

/** Of each list, its routes by method: taken apart once, since a list never changes. */
const taken = new WeakMap<readonly AnyOperation[], ReadonlyMap<string, readonly Route[]>>();

/** By method, those with fewer parameters first. */
function routesOf(operations: readonly AnyOperation[]): ReadonlyMap<string, readonly Route[]> {
  const known = taken.get(operations);
  if (known !== undefined) return known;
  const routes = operations.map((operation) => ({
    operation,
    segments: segmentsOf(pathOf(operation)),
  }));
  const variables = ({ segments }: Route) =>
    segments.filter(({ parameter }) => parameter !== undefined).length;
  routes.sort((a, b) => variables(a) - variables(b));
  const byMethod = new Map<string, Route[]>();
  for (const route of routes) {
    const method = methodOf(route.operation);
    byMethod.set(method, [...(byMethod.get(method) ?? []), route]);
  }
  taken.set(operations, byMethod);
  return byMethod;
}

/** The operation for a method and a decoded path; literal routes precede variable ones. */
export function matchRoute(
  operations: readonly AnyOperation[],
  method: string,
  path: string,
): RouteMatch | undefined {
  const given = path.split("/");
  for (const { operation, segments } of routesOf(operations).get(method) ?? []) {
    const params = matchSegments(segments, given);
    if (params !== undefined) return { operation, params };
  }
  return undefined;
}

/** The methods of `path`, for `Allow`. */
export function methodsAt(operations: readonly AnyOperation[], path: string): string[] {
  const found = operations.filter(
    (operation) => operation.route !== "$default" && matchPath(pathOf(operation), path),
  );
  return [...new Set(found.map(methodOf))].sort();
}
