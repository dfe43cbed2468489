/** Queries by the schemas of their operation. */
import type { Minor } from "../model/microversion.ts";
import { inspect } from "./json-inspection.ts";
import type { ByVersion } from "./operation.ts";
import { schemaAt } from "./pipeline/steps.ts";
import type { Query } from "./query.ts";
import { InvalidQuery } from "./refusals.ts";
import { validationMessage } from "./validation-message.ts";

/**
 * The last value of each parameter is compared with the schema of the version.
 * @throws InvalidQuery
 */
export function checkQuerySchema(schemas: ByVersion, given: Query, version: Minor): void {
  const schema = schemaAt(schemas, version);
  if (!schema) return;
  const query = given.last();
  const { unsound } = inspect(query);
  if (unsound !== undefined) throw new InvalidQuery(unsound);
  const parsed = schema.safeParse(query);
  if (!parsed.success) throw new InvalidQuery(validationMessage(schema, query, parsed.error));
}
