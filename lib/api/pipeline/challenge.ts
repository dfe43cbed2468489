/**
 * What a 401 tells the client to show. OpenStack's clients renew their token on a 401.
 *
 * Source: RFC 9110, "WWW-Authenticate"; RFC 6750, section 3; keystonemiddleware.
 */
import type { RequestContext } from "./request-context.ts";

/** Undefined for signers, who would only learn a scheme that no client chooses by it. */
export function challenge({ inbound, runtime }: RequestContext): string | undefined {
  switch (inbound?.endpoint) {
    case "keystone": {
      const { keystoneUrl } = runtime.configuration;
      return keystoneUrl === "" ? "Keystone" : `Keystone uri="${keystoneUrl}"`;
    }
    case "jwt":
      return "Bearer";
    default:
      return undefined;
  }
}
