/** JSON Schemas of zod schemas, named in the document's components. */
import * as z from "zod";
import { type Ranged, versionNote, versionRange } from "./versions.ts";

export type JsonObject = { [key: string]: unknown };

/** The schema as JSON Schema 2020-12, the dialect of OpenAPI 3.1. */
export function jsonSchema(schema: z.ZodType): JsonObject {
  const { $schema: _, ...document } = z.toJSONSchema(schema, {
    unrepresentable: "any",
    io: "input",
  });
  return document as JsonObject;
}

export function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export class Components {
  readonly schemas: JsonObject = {};

  /** Adds `schema` under a name, and returns a reference to it. */
  add(name: string, schema: JsonObject): JsonObject {
    this.schemas[name] = schema;
    return { $ref: `#/components/schemas/${name}` };
  }

  /**
   * Adds the schema of each range of versions. Several are alternatives: the request's
   * microversion selects one. Undefined if there is no schema.
   */
  byVersion(name: string, schemas: readonly Ranged<JsonObject>[]): JsonObject | undefined {
    const references = schemas.map((ranged) => {
      const note = versionNote(ranged);
      const schema = { title: versionRange(ranged), ...ranged.value, "x-openstack": note };
      return this.add(`${name}.${note["min-ver"]}`, schema);
    });
    if (references.length < 2) return references[0];
    return { anyOf: references, "x-openstack": { discriminator: "microversion" } };
  }
}
