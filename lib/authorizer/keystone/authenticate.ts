/** Callers with tokens of Keystone, in `X-Auth-Token` or as a bearer token. */
import type { IdentityDocument } from "../../api/identity-document.ts";
import type { Log } from "../../api/runtime.ts";
import { type Authenticate, bearerToken, MAX_TOKEN_BYTES } from "../authenticator.ts";
import type { TokenCache } from "../token-cache.ts";
import type { KeystoneClient, KeystoneToken } from "./client.ts";

export interface KeystoneParts {
  readonly client: KeystoneClient;
  readonly cache: TokenCache<IdentityDocument>;
  readonly log: Log;
}

/** Keystone's tokens are base64url; nothing else is sent to it in a header. */
const TOKEN = /^[\x21-\x7e]+$/;

const NONE: IdentityDocument = { kind: "keystone", status: "none" };
const UNAVAILABLE: IdentityDocument = { kind: "keystone", status: "unavailable" };

export function keystoneAuthenticate({ client, cache, log }: KeystoneParts): Authenticate {
  return async (headers) => {
    const token = headers["x-auth-token"] || bearerToken(headers);
    if (!token || token.length > MAX_TOKEN_BYTES || !TOKEN.test(token)) return NONE;
    try {
      return await cache.get(token, async () => {
        const found = await client.validate(token);
        if (found === undefined) return { value: NONE, expires: undefined };
        const value = documentOf(found);
        return { value, expires: value.expires };
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log({ level: "WARN", message: "a token could not be validated", reason });
      return UNAVAILABLE;
    }
  };
}

function documentOf({ user, project, domain, system, roles, expires_at }: KeystoneToken) {
  return {
    kind: "keystone",
    status: "ok",
    user: user.id,
    project: project?.id ?? null,
    domain: domain?.id ?? null,
    roles: roles.map(({ name }) => name),
    system: system?.all === true,
    expires: Date.parse(expires_at),
  } as const satisfies IdentityDocument;
}
