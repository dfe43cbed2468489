import { UNTYPED } from "../../lib/api/schemas.ts";

/** A consumer without a type shows as `unknown`: null, as it is stored. */
export function shownType(type: string | null): string {
  return type ?? UNTYPED;
}

/** What is shown can be written: `unknown` is no type. Undefined stays so. */
export function writtenType<T extends string | undefined>(shown: T): T | null {
  return shown === UNTYPED ? null : shown;
}
