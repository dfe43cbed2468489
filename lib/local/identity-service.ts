/** The identity service of `npm start`: what a deployed endpoint of that kind has. */
import { deployedIdentity } from "../api/deployed-identity.ts";
import type { Identify } from "../api/identity.ts";
import type { Log } from "../api/runtime.ts";
import { jwt, keystone } from "../authorizer/build.ts";
import type { Clock } from "../model/clock.ts";
import type { AuthOptions } from "./auth-options.ts";
import type { TokenEndpoint } from "./authorize.ts";
import { noauthIdentity } from "./noauth-identity.ts";

export interface IdentityService {
  readonly identify: Identify;
  /** Undefined: callers are believed. */
  readonly endpoint: TokenEndpoint | undefined;
}

export function identityService(
  auth: AuthOptions,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): IdentityService {
  if (auth.kind === "noauth") return { identify: noauthIdentity, endpoint: undefined };
  const surroundings = { clock, log, ca: auth.ca };
  const authenticate =
    auth.kind === "keystone"
      ? keystone({ ...auth, credential: async () => auth.credential }, surroundings)
      : jwt(auth, surroundings);
  return { identify: deployedIdentity({}, clock), endpoint: { kind: auth.kind, authenticate } };
}
