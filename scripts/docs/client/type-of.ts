/** TypeScript types of JSON Schemas, as text. */
import type { JsonObject } from "../../../lib/api/openapi/schemas.ts";

const ATOMS: Readonly<Record<string, string>> = {
  string: "string",
  integer: "number",
  number: "number",
  boolean: "boolean",
  null: "null",
};

/** The type of the values that `schema` accepts, on one line. */
export function typeOf(schema: JsonObject): string {
  const { const: constant, enum: listed, anyOf, type } = schema;
  if (constant !== undefined) return JSON.stringify(constant);
  if (Array.isArray(listed)) return union(listed.map((each) => JSON.stringify(each)));
  if (Array.isArray(anyOf)) return union((anyOf as JsonObject[]).map(typeOf));
  if (Array.isArray(type)) return union(type.map((each) => typeOf({ ...schema, type: each })));
  if (type === "array") return listType(typeOf(schema["items"] as JsonObject));
  if (type === "object") return objectType(schema);
  const atom = ATOMS[String(type)];
  if (atom === undefined) throw new Error(`no type for ${JSON.stringify(schema)}`);
  return atom;
}

function listType(item: string): string {
  return /^\w+$/.test(item) ? `readonly ${item}[]` : `readonly (${item})[]`;
}

function union(types: readonly string[]): string {
  return [...new Set(types)].join(" | ");
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, JsonObject>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonObject | boolean;
}

/** An object with named members, or one that is a record. */
function objectType(schema: ObjectSchema): string {
  const { properties = {}, required = [], additionalProperties: rest } = schema;
  const members = Object.entries(properties).map(([name, value]) => {
    const mark = required.includes(name) ? "" : "?";
    const optional = required.includes(name) ? "" : " | undefined";
    return `readonly ${key(name)}${mark}: ${typeOf(value)}${optional}`;
  });
  const open = typeof rest === "object";
  const others = open && Object.keys(rest).length > 0 ? typeOf(rest) : "unknown";
  if (members.length === 0) return open ? `Readonly<Record<string, ${others}>>` : "Nothing";
  const named = `{ ${members.join("; ")} }`;
  return open ? `${named} & Readonly<Record<string, ${others}>>` : named;
}

function key(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name);
}
