/** Whom a console's users sign in with, and whether there can be a console; checked before anything is made. */
import { type ConsoleAuth, DEFAULT_SCOPES } from "../../lib/api/console/config.ts";
import { BadSettings } from "../bad-settings.ts";
import type { EndpointProps, TokenEndpointProps } from "../endpoints/props.ts";
import type { ConsoleOptions } from "./props.ts";

const refuse = (words: string): never => {
  throw new BadSettings(`console ${words}`);
};

/** @throws BadSettings */
export function checkConsole(
  options: ConsoleOptions & { readonly hasCertificate: boolean },
  endpoints: readonly EndpointProps[],
): { readonly endpoint: TokenEndpointProps; readonly auth: ConsoleAuth } {
  const endpoint = endpointFor(options, endpoints);
  if (endpoint.private !== undefined) {
    refuse(`cannot reach the ${endpoint.kind} endpoint, which is private`);
  }
  if (endpoint.disableExecuteApiEndpoint && endpoint.domainName?.startsWith("*.")) {
    refuse(`cannot reach the ${endpoint.kind} endpoint: its only name is a pattern`);
  }
  if ((options.domainName !== undefined) !== options.hasCertificate) {
    refuse("needs domainName and certificate together");
  }
  return { endpoint, auth: authOf(options, endpoint) };
}

/** Browsers cannot sign for IAM: nobody could use the console. */
function endpointFor(
  { endpoint: wanted }: ConsoleOptions,
  endpoints: readonly EndpointProps[],
): TokenEndpointProps {
  const withTokens = endpoints.filter((each) => each.kind !== "iam");
  const [first] = withTokens.filter(({ kind }) => wanted === undefined || kind === wanted);
  if (first !== undefined) return first;
  return withTokens.length === 0
    ? refuse(
        "needs an endpoint whose callers have tokens, keystone or jwt: browsers do not sign for iam",
      )
    : refuse(`names the endpoint ${wanted}, which there is not`);
}

function authOf(
  { clientId, scopes = DEFAULT_SCOPES }: ConsoleOptions,
  endpoint: TokenEndpointProps,
): ConsoleAuth {
  const { kind } = endpoint;
  if (kind === "keystone") return { kind, url: endpoint.url };
  const { issuer, audience } = endpoint;
  if (clientId === undefined) {
    return refuse("needs clientId, the public client that it is at the issuer of the jwt endpoint");
  }
  return { kind, issuer, clientId, audience, scopes };
}
