/** Who reads the source. */
import type { Credentials } from "../../../lib/client/http.ts";
import { keystone } from "../../../lib/client/keystone.ts";
import type { Clock, Fetch } from "../../../lib/client/platform.ts";
import { authToken } from "../../../lib/client/tokens.ts";
import { reasonOf, usage } from "../../../lib/local/start-failure.ts";
import type { Environment } from "../options.ts";

export interface CredentialParts {
  readonly clock: Clock;
  readonly fetch?: Fetch;
}

/**
 * A token that was given is used until it is answered 401; then, and if there is none, tokens
 * are Keystone's, where the environment has a credential.
 * @throws StartFailure if the credential is not complete
 */
export function sourceCredentials(
  token: string | undefined,
  environment: Environment,
  parts: CredentialParts,
): Credentials {
  const issued = environment["OS_AUTH_URL"] ? fromKeystone(environment, parts) : undefined;
  if (token === undefined) return issued ?? authToken("");
  if (issued === undefined) return authToken(token);
  let current = authToken(token);
  return {
    headers: (request) => current.headers(request),
    renew: async (used) => {
      if (used["x-auth-token"] === token) current = issued;
      else await issued.renew?.(used);
    },
  };
}

function fromKeystone(credential: Environment, parts: CredentialParts): Credentials {
  try {
    return keystone({ credential, ...parts });
  } catch (error) {
    throw usage(`Keystone's credential is not complete: ${reasonOf(error)}`);
  }
}
