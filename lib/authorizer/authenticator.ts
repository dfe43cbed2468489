/** What finds out whose a token is, for an authorizer and for the local server. */
import type { IdentityDocument } from "../api/identity-document.ts";

/**
 * Never throws: a token that cannot be checked is `unavailable`.
 * @param headers names in lower case
 */
export type Authenticate = (headers: Readonly<Record<string, string>>) => Promise<IdentityDocument>;

/** Bytes of a token. Keystone's Fernet tokens have some 250, JWTs up to a few thousand. */
export const MAX_TOKEN_BYTES = 8_192;

/** The token of `Authorization: Bearer`, RFC 6750, section 2.1. */
export function bearerToken(headers: Readonly<Record<string, string>>): string | undefined {
  return /^bearer +(\S+) *$/i.exec(headers["authorization"] ?? "")?.[1];
}
