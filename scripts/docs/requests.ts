/**
 * Reads the requests of a test from its text: calls of `request` with a method and a path.
 * The path may come from a constant or a function of the file
 * (`const path = (uuid) => ...`), the method from a function's caller
 * (`const at = (method, name) => api.request(method, ...)`).
 */

export interface FoundRequest {
  readonly method: string;
  /** Each `${...}` as `{}`: `/traits/{}`. */
  readonly path: string;
  /** How often the file makes it: once, or as often as it calls the function that makes it. */
  readonly times: number;
}

/** A file's constants and functions that are paths, by name. */
type Paths = ReadonlyMap<string, string>;

const PARAMETERS = String.raw`\((?:[^()]|\([^()]*\))*\)(?:\s*:\s*[^=;]+?)?\s*=>\s*`;
const PATH_DEFINITION = new RegExp(
  String.raw`const (\w+)(?:\s*:[^=;]+)? =\s*(?:${PARAMETERS})?(?=["\x60])`,
  "g",
);
const METHOD_WRAPPER = new RegExp(
  String.raw`const (\w+) =\s*(?:async )?${PARAMETERS}(?:\{\s*(?:return|const [^=;]+ =)\s*)?(?:await )?(?:\w+(?:\(\))?\.)?request\(\s*method,\s*`,
  "g",
);

/** @param text of a test, or of requests that several tests share */
export function requestsIn(text: string): FoundRequest[] {
  const paths = pathsIn(text);
  const direct = callsOf("request", text).flatMap(({ method, rest, at }) => {
    const path = pathAt(rest, paths);
    return path === undefined
      ? []
      : [{ method, path, times: usesOf(functionAround(text, at), text) }];
  });
  const wrapped = [...text.matchAll(METHOD_WRAPPER)].flatMap((wrapper) => {
    const own = pathAt(text.slice(wrapper.index + wrapper[0].length), paths);
    return callsOf(wrapper[1] ?? "", text).flatMap(({ method, rest }) => {
      const path = own ?? pathAt(rest, paths);
      return path === undefined ? [] : [{ method, path, times: 1 }];
    });
  });
  return [...direct, ...wrapped];
}

interface Call {
  readonly method: string;
  /** The text after the method. */
  readonly rest: string;
  readonly at: number;
}

/** Calls of a function whose first argument is a method. */
function callsOf(name: string, text: string): Call[] {
  const calls = text.matchAll(new RegExp(String.raw`\b${name}\(\s*"([A-Z]+)",?\s*`, "g"));
  return [...calls].map((call) => ({
    method: call[1] ?? "",
    rest: text.slice(call.index + call[0].length),
    at: call.index,
  }));
}

/** The name of the file's function that contains the position `at`. */
function functionAround(text: string, at: number): string | undefined {
  const before = text.slice(0, at);
  const lines = before.slice(before.lastIndexOf("\n\n") + 1);
  const definitions = lines.matchAll(/(?:const (\w+) = (?:async )?\(|function (\w+)\()/g);
  const [, arrow, named] = [...definitions].at(-1) ?? [];
  return arrow ?? named;
}

function usesOf(name: string | undefined, text: string): number {
  if (name === undefined) return 1;
  return [...text.matchAll(new RegExp(String.raw`(?<!function )\b${name}\(`, "g"))].length;
}

function pathsIn(text: string): Paths {
  const paths = new Map<string, string>();
  for (const definition of text.matchAll(PATH_DEFINITION)) {
    const path = pathAt(text.slice(definition.index + definition[0].length), paths);
    if (path !== undefined) paths.set(definition[1] ?? "", path);
  }
  return paths;
}

/** The path at the beginning of a text: a literal, a template, or the name of one. */
function pathAt(text: string, paths: Paths): string | undefined {
  if (text.startsWith('"')) return asPath(text.slice(1, text.indexOf('"', 1)));
  if (text.startsWith("`")) return asPath(templateAt(text, paths));
  return paths.get(/^\w+/.exec(text)?.[0] ?? "");
}

function asPath(text: string): string | undefined {
  return text.startsWith("/") ? text.split("?")[0] : undefined;
}

/** The template at the beginning of a text, with known names replaced by their paths. */
function templateAt(text: string, paths: Paths): string {
  let result = "";
  for (let i = 1; i < text.length && text[i] !== "`"; i += 1) {
    if (!text.startsWith("${", i)) {
      result += text[i];
      continue;
    }
    const end = closingBrace(text, i + 2);
    const name = /^\w+/.exec(text.slice(i + 2, end))?.[0] ?? "";
    result += (result === "" ? paths.get(name) : undefined) ?? "{}";
    i = end;
  }
  return result;
}

function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let i = from; i < text.length; i += 1) {
    if (text[i] === "{") depth += 1;
    if (text[i] === "}") depth -= 1;
    if (depth === 0) return i;
  }
  return text.length;
}

/**
 * Whether a request belongs to a route such as `GET /traits/{name}`. A placeholder matches a
 * fixed segment of the route only if the file contains that segment in quotes; a placeholder
 * that ends a segment may add one more.
 */
export function isOfRoute(request: FoundRequest, route: string, text: string): boolean {
  const [method, path = ""] = route.split(" ");
  if (request.method !== method) return false;
  const forms =
    request.path.endsWith("}") && !request.path.endsWith("/{}")
      ? [request.path.slice(0, -2), `${request.path.slice(0, -2)}/{}`]
      : [request.path];
  const wanted = path.split("/");
  return forms.some((form) => {
    const given = form.split("/");
    return (
      given.length === wanted.length &&
      wanted.every((segment, index) => {
        const own = given[index] ?? "";
        if (segment.startsWith("{")) return own !== "";
        return own === segment || (own === "{}" && text.includes(`"${segment}"`));
      })
    );
  });
}
