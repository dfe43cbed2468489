/** Values of the type `Uuid` for tests; requests take plain text. */
import { randomUUID } from "node:crypto";
import { parseUuid, type Uuid } from "../../lib/model/uuid.ts";

export function uuidOf(text: string): Uuid {
  const uuid = parseUuid(text);
  if (uuid === undefined) throw new Error(`${text} is no uuid`);
  return uuid;
}

export const randomUuid = (): Uuid => uuidOf(randomUUID());
