/** Callers that have a token already. */
import type { Credentials } from "./http.ts";

/** A bearer token of an OIDC issuer, for an endpoint of the kind `jwt`. */
export function bearer(token: string | (() => string | Promise<string>)): Credentials {
  if (typeof token === "string") return fixed({ authorization: `Bearer ${token}` });
  return {
    headers: async () => ({ authorization: `Bearer ${await token()}` }),
    // The function may give another one.
    renew: async () => undefined,
  };
}

/** A token as it is: a Keystone token that somebody else renews, or one of a local server. */
export function authToken(token: string): Credentials {
  return fixed({ "x-auth-token": token });
}

function fixed(headers: Readonly<Record<string, string>>): Credentials {
  return { headers: async () => headers };
}
