/** Paths and routes, matched as API Gateway's HTTP API does: by whole, decoded segments. */
import { type AnyOperation, methodOf, pathOf } from "./operation.ts";

export interface RouteMatch {
  readonly operation: AnyOperation;
  readonly params: Readonly<Record<string, string>>;
}

/** The path parameters of `path` by `template`; undefined if it does not match. */
export function matchPath(template: string, path: string): Record<string, string> | undefined {
  const wanted = template.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? "";
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) {
      if (part !== value) return undefined;
    } else {
      if (value === "") return undefined;
      params[name] = value;
    }
  }
  return params;
}

/** The operation for a method and a decoded path; literal routes precede variable ones. */
export function matchRoute(
  operations: readonly AnyOperation[],
  method: string,
  path: string,
): RouteMatch | undefined {
  const matches: RouteMatch[] = [];
  for (const operation of operations) {
    if (methodOf(operation) !== method) continue;
    const params = matchPath(pathOf(operation), path);
    if (params !== undefined) matches.push({ operation, params });
  }
  matches.sort((a, b) => Object.keys(a.params).length - Object.keys(b.params).length);
  return matches[0];
}

/** The methods of `path`, for `Allow`. */
export function methodsAt(operations: readonly AnyOperation[], path: string): string[] {
  const found = operations.filter(
    (operation) => operation.route !== "$default" && matchPath(pathOf(operation), path),
  );
  return [...new Set(found.map(methodOf))].sort();
}
