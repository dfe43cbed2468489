import { UNTYPED } from "../../lib/api/schemas.ts";

/** The type as the API shows it: `unknown` for null, which is how no type is stored. */
export function shownType(type: string | null): string {
  return type ?? UNTYPED;
}

/** The type as it is stored: null for `unknown`, since what is shown can be written. */
export function writtenType<T extends string | undefined>(shown: T): T | null {
  return shown === UNTYPED ? null : shown;
}
