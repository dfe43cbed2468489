/** The path of a request behind API Gateway, and what comes before it in links. */

/**
 * The path by the route that API Gateway matched: it has neither stage nor base path.
 * @param template for example `/resource_providers/{uuid}` or `/{proxy+}`
 * @returns undefined if the event lacks one of the route's parameters
 */
export function routedPath(
  template: string,
  params: Readonly<Record<string, string>>,
): string | undefined {
  let whole = true;
  const path = template.replaceAll(/\{(\w+)\+?\}/g, (_, name: string) => {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    whole &&= value !== undefined;
    return value ?? "";
  });
  return whole ? path : undefined;
}

export function isBelow(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}/`);
}

/** `path` as it is below `prefix`; unchanged if it is not below it. */
export function below(path: string, prefix: string): string {
  const rest = isBelow(path, prefix) ? path.slice(prefix.length) : path;
  return rest === "" ? "/" : rest;
}
