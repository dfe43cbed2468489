/** The types of query parameters: each is text, and some names are patterns. */
import type { JsonObject } from "../../../lib/api/openapi/schemas.ts";

interface QuerySchema {
  readonly properties?: Readonly<Record<string, JsonObject>>;
  readonly patternProperties?: Readonly<Record<string, JsonObject>>;
  readonly required?: readonly string[];
}

/** `readonly resources?: QueryValue`; a suffixed name as a template, `resources${string}`. */
export function queryType(schema: JsonObject): string {
  const { properties = {}, patternProperties = {}, required = [] } = schema as QuerySchema;
  const named = Object.keys(properties).map((name) =>
    required.includes(name)
      ? `readonly ${name}: QueryValue`
      : `readonly ${name}?: QueryValue | undefined`,
  );
  const patterns = Object.keys(patternProperties).map((pattern) => {
    const name = /^\^(\w+)\(/.exec(pattern)?.[1];
    if (name === undefined) throw new Error(`no name for ${pattern}`);
    return `readonly [name: \`${name}\${string}\`]: QueryValue | undefined`;
  });
  const members = [...named, ...patterns];
  return members.length === 0 ? "unknown" : `{ ${members.join("; ")} }`;
}
