/**
 * Describes what a schema refused, as Python's jsonschema does: the message, the keyword,
 * the schema path and the instance path. Clients and their tests look for these texts
 * (`'name' is a required property`,
 * `Failed validating 'maxLength' in schema['properties']['name']`).
 *
 * Only one error is reported, the one that `jsonschema.validate` picks: the nearest to the
 * root of the document, and the first among those.
 */
import * as z from "zod";
import { pythonRepr } from "./python-repr.ts";
import type { KeywordParams } from "./schemas.ts";

type JsonSchema = { readonly [key: string]: unknown };
type Path = readonly PropertyKey[];

interface Fault {
  readonly keyword: string;
  readonly message: string;
  /** Path to the invalid instance. */
  readonly path: Path;
}

/** The message for the first fault in `error`, with which `schema` refused `input`. */
export function validationMessage(schema: z.ZodType, input: unknown, error: z.ZodError): string {
  const { $schema: _, ...document } = z.toJSONSchema(schema, {
    unrepresentable: "any",
    io: "input",
  }) as JsonSchema;
  const first = error.issues.reduce((best, next) =>
    depthOf(next, input) < depthOf(best, input) ? next : best,
  );
  const fault = faultOf(first, input, document);
  const { fragment, schemaPath } = locate(document, fault.path);
  const instance = valueAt(input, fault.path);
  return [
    fault.message,
    "",
    `Failed validating ${pythonRepr(fault.keyword)} in schema${brackets(schemaPath)}:`,
    `    ${pythonRepr(fragment)}`,
    "",
    `On instance${brackets(fault.path)}:`,
    `    ${pythonRepr(instance)}`,
  ].join("\n");
}

/** The depth at which an issue is reported. There may be thousands; only one gets a message. */
function depthOf(issue: z.core.$ZodIssue, input: unknown): number {
  const { path, code } = issue;
  if (path.length === 0) return 0;
  const atParent =
    code === "invalid_key" || (code === "invalid_type" && valueAt(input, path) === undefined);
  return atParent ? path.length - 1 : path.length;
}

function faultOf(issue: z.core.$ZodIssue, input: unknown, document: JsonSchema): Fault {
  const value = valueAt(input, issue.path);
  const shown = pythonRepr(value);
  const at = (keyword: string, message: string): Fault => ({ keyword, message, path: issue.path });
  const custom = (keyword: string) =>
    at(keyword, customMessage(keyword, issue.path, shown, document));
  switch (issue.code) {
    case "invalid_type":
      return value === undefined && issue.path.length > 0
        ? missing(issue.path)
        : at("type", typeMessage(shown, locate(document, issue.path).fragment));
    case "unrecognized_keys":
      return at("additionalProperties", unexpected(issue.keys));
    case "invalid_key":
      return { ...badKey(issue.path, document), path: issue.path.slice(0, -1) };
    case "too_small":
      return tooSmall(issue, shown, at);
    case "too_big":
      return issue.origin === "number"
        ? at("maximum", `${shown} is greater than the maximum of ${issue.maximum}`)
        : at(issue.origin === "string" ? "maxLength" : "maxItems", `${shown} is too long`);
    case "invalid_format": {
      const pattern = String("pattern" in issue ? issue.pattern : issue.format).replace(
        /^\/|\/$/g,
        "",
      );
      return at("pattern", `${shown} does not match ${pythonRepr(pattern)}`);
    }
    case "invalid_value":
      return at("enum", `${shown} is not one of ${pythonRepr(issue.values)}`);
    case "custom": {
      const { keyword = "type", words } = (issue.params ?? {}) as Partial<KeywordParams>;
      return words === undefined ? custom(keyword) : at(keyword, words);
    }
    default:
      return custom("type");
  }
}

function tooSmall(
  issue: z.core.$ZodIssueTooSmall,
  shown: string,
  at: (keyword: string, message: string) => Fault,
): Fault {
  if (issue.origin === "number") {
    return at("minimum", `${shown} is less than the minimum of ${issue.minimum}`);
  }
  const words = issue.minimum === 1 ? "should be non-empty" : "is too short";
  return at(issue.origin === "string" ? "minLength" : "minItems", `${shown} ${words}`);
}

function customMessage(keyword: string, path: Path, shown: string, document: JsonSchema): string {
  const { fragment } = locate(document, path);
  switch (keyword) {
    case "format":
      return `${shown} is not a ${pythonRepr(fragment["format"] ?? "uuid")}`;
    case "pattern":
      return `${shown} does not match ${pythonRepr(firstPattern(fragment))}`;
    case "minProperties":
      return `${shown} should be non-empty`;
    case "uniqueItems":
      return `${shown} has non-unique elements`;
    default:
      return typeMessage(shown, fragment);
  }
}

/** Placement's own pattern, without the alternatives that ours adds. */
function firstPattern(fragment: JsonSchema): string {
  return String(fragment["pattern"] ?? "").split("|", 1)[0] ?? "";
}

function missing(path: Path): Fault {
  const name = pythonRepr(String(path.at(-1)));
  return {
    keyword: "required",
    message: `${name} is a required property`,
    path: path.slice(0, -1),
  };
}

function unexpected(keys: readonly string[]): string {
  const names = [...keys].sort().map(pythonRepr).join(", ");
  return `Additional properties are not allowed (${names} ${keys.length === 1 ? "was" : "were"} unexpected)`;
}

function badKey(path: Path, document: JsonSchema): Omit<Fault, "path"> {
  const { fragment } = locate(document, path.slice(0, -1));
  const pattern = pythonRepr(keyPattern(fragment) ?? "");
  return {
    keyword: "additionalProperties",
    message: `${pythonRepr(String(path.at(-1)))} does not match any of the regexes: ${pattern}`,
  };
}

function typeMessage(shown: string, fragment: JsonSchema): string {
  const types = typesOf(fragment).map(pythonRepr).join(", ");
  return `${shown} is not of type ${types}`;
}

function typesOf(fragment: JsonSchema): string[] {
  const { type } = fragment;
  if (typeof type === "string") return [type];
  if (Array.isArray(type)) return type;
  const branches = fragment["anyOf"];
  return Array.isArray(branches) ? branches.flatMap((branch) => typesOf(branch as JsonSchema)) : [];
}

function keyPattern(fragment: JsonSchema): string | undefined {
  const names = fragment["propertyNames"] as JsonSchema | undefined;
  return names?.["pattern"] as string | undefined;
}

/** The part of a JSON Schema that describes the instance at `path`, and its own path. */
function locate(document: JsonSchema, path: Path): { fragment: JsonSchema; schemaPath: Path } {
  let fragment = document;
  const schemaPath: PropertyKey[] = [];
  for (const step of path) {
    const properties = fragment["properties"] as Record<string, JsonSchema> | undefined;
    const pattern = keyPattern(fragment);
    let next: JsonSchema | undefined;
    if (typeof step === "number") {
      schemaPath.push("items");
      next = fragment["items"] as JsonSchema | undefined;
    } else if (properties !== undefined && Object.hasOwn(properties, step)) {
      schemaPath.push("properties", step);
      next = properties[String(step)];
    } else {
      if (pattern === undefined) schemaPath.push("additionalProperties");
      else schemaPath.push("patternProperties", pattern);
      next = fragment["additionalProperties"] as JsonSchema | undefined;
    }
    if (typeof next !== "object") break;
    fragment = next;
  }
  return { fragment, schemaPath };
}

function valueAt(input: unknown, path: Path): unknown {
  let value = input;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step))
      return undefined;
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return value;
}

/** A path in Python's subscript notation: `['traits'][0]`. */
export function brackets(path: Path): string {
  return path
    .map((step) => `[${typeof step === "number" ? step : pythonRepr(String(step))}]`)
    .join("");
}
