/** Where CloudFront reaches the API of an endpoint. */
import type { Endpoint } from "../endpoints/endpoint.ts";
import { executeApiHost } from "../endpoints/http-api.ts";
import { isRest, mappingKeyOf, type TokenEndpointProps } from "../endpoints/props.ts";

export interface ApiPlace {
  readonly host: string;
  /** Before the paths of the API: "", or like `/placement`. */
  readonly path: string;
}

/** Under API Gateway's own name, unless that is switched off. */
export function apiPlace({ api }: Endpoint, given: TokenEndpointProps): ApiPlace {
  const { domainName, disableExecuteApiEndpoint } = given;
  if (disableExecuteApiEndpoint && domainName !== undefined) {
    const key = mappingKeyOf(given);
    return { host: domainName, path: key === undefined ? "" : `/${key}` };
  }
  return { host: executeApiHost(api.apiId), path: isRest(given) ? `/${api.stageName}` : "" };
}
