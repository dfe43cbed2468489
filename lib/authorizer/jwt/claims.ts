/** Which claims of a token say who its caller is. */
import * as z from "zod";
import type { ValidIdentity } from "../../api/identity-document.ts";

/** A claim's name, or a path of names separated by dots: `realm_access.roles`. */
const path = z.string().regex(/^\S{1,255}$/);

export const claimsSchema = z.strictObject({
  user: path.default("sub"),
  /** Absent in a token: its caller has no project. */
  project: path.default("project_id"),
  /** A list of names, or one text that separates them by spaces. */
  roles: path.default("roles"),
});

export type Claims = z.infer<typeof claimsSchema>;

const MAX_TEXT = 255;
const MAX_ROLES = 100;

/** Undefined if the payload names no user, or has no end. */
export function identityFrom(
  payload: Readonly<Record<string, unknown>>,
  claims: Claims,
): ValidIdentity | undefined {
  const user = textOf(claimOf(payload, claims.user));
  const { exp } = payload;
  if (user === undefined || typeof exp !== "number") return undefined;
  return {
    kind: "jwt",
    status: "ok",
    user,
    project: textOf(claimOf(payload, claims.project)) ?? null,
    domain: null,
    roles: rolesOf(claimOf(payload, claims.roles)),
    system: false,
    expires: exp * 1_000,
  };
}

/** A name that holds dots itself, such as a URL, is looked for as it is first. */
function claimOf(payload: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(payload, name)) return payload[name];
  let found: unknown = payload;
  for (const part of name.split(".")) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, part))
      return undefined;
    found = (found as Record<string, unknown>)[part];
  }
  return found;
}

function textOf(claim: unknown): string | undefined {
  return typeof claim === "string" && claim !== "" && claim.length <= MAX_TEXT ? claim : undefined;
}

function rolesOf(claim: unknown): string[] {
  const given = typeof claim === "string" ? claim.split(" ") : Array.isArray(claim) ? claim : [];
  return given.flatMap((role) => textOf(role) ?? []).slice(0, MAX_ROLES);
}
