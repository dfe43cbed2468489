/** The environment of an authorizer: what `lib/authorizer/configuration.ts` reads. */
import type { TokenEndpointProps } from "./props.ts";

/** The file of certificates in an authorizer's code, and where Lambda has it. */
export const CA_FILE = "ca.pem";
const CA_PATH = `/var/task/${CA_FILE}`;

export function authorizerEnvironment(endpoint: TokenEndpointProps): Record<string, string> {
  // Node reads it when it starts, and trusts these beside its own.
  const trust: Record<string, string> =
    endpoint.ca === undefined ? {} : { NODE_EXTRA_CA_CERTS: CA_PATH };
  if (endpoint.kind === "keystone") {
    const { url, secret, tokenCacheTime } = endpoint;
    return {
      KEYSTONE_URL: url,
      KEYSTONE_SECRET_ARN: secret.secretArn,
      ...(tokenCacheTime === undefined
        ? {}
        : { TOKEN_CACHE_TIME: String(tokenCacheTime.toSeconds()) }),
      ...trust,
    };
  }
  const { issuer, audience, claims } = endpoint;
  return {
    JWT_ISSUER: issuer,
    JWT_AUDIENCE: audience,
    ...(claims === undefined ? {} : { JWT_CLAIMS: JSON.stringify(claims) }),
    ...trust,
  };
}
