/**
 * Identity of the callers of a deployed endpoint. The authorizer of one endpoint vouches
 * for nobody at another.
 */
import type { Clock } from "../model/clock.ts";
import { reportedCaller } from "./caller.ts";
import { type RoleMap, signerIdentity } from "./iam-identity.ts";
import type { Identify, Identity } from "./identity.ts";
import type { IdentityDocument } from "./identity-document.ts";
import { IdentityUnavailable } from "./refusals.ts";

export function deployedIdentity(map: RoleMap, clock: Pick<Clock, "now">): Identify {
  return async ({ endpoint, authorizer }) => {
    const caller = reportedCaller(authorizer);
    if (caller === undefined || caller.kind !== endpoint) return undefined;
    return caller.kind === "iam" ? signerIdentity(map, caller) : tokenIdentity(caller, clock.now());
  };
}

/**
 * @param now milliseconds since 1970: what an authorizer says may be kept longer than the token lives
 * @throws IdentityUnavailable
 */
function tokenIdentity(document: IdentityDocument, now: number): Identity | undefined {
  if (document.status === "unavailable") throw new IdentityUnavailable();
  if (document.status === "none" || now >= document.expires) return undefined;
  const { kind, user, project, domain, roles, system } = document;
  const scope = { project: project ?? undefined, system, ...(domain === null ? {} : { domain }) };
  return { kind, user, roles, ...scope };
}
