/**
 * Identity without authentication: the caller's headers are trusted. Only the local
 * server uses it; no deployed function contains it.
 *
 * `X-Auth-Token`, or a bearer token, is `USER` or `USER:PROJECT`; `X-Roles`, `X-Project-Id` and
 * `OpenStack-System-Scope` say the rest.
 */
import type { Identify } from "../api/identity.ts";
import { bearerToken } from "../authorizer/authenticator.ts";

export const noauthIdentity: Identify = async ({ headers }) => {
  const token = headers["x-auth-token"] || bearerToken(headers);
  if (token === undefined || token === "") return undefined;
  const colon = token.indexOf(":");
  const user = colon === -1 ? token : token.slice(0, colon);
  const ownProject = colon === -1 ? "" : token.slice(colon + 1);
  const system = (headers["openstack-system-scope"] ?? "") !== "";
  const project = headers["x-project-id"] || ownProject || user;
  return {
    user,
    project: system ? undefined : project,
    roles: rolesOf(headers["x-roles"], user),
    system,
  };
};

function rolesOf(header: string | undefined, user: string): string[] {
  if (header === undefined) return user === "admin" ? ["admin"] : [];
  return header
    .split(",")
    .map((role) => role.trim())
    .filter((role) => role !== "");
}
