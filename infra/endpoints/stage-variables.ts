/** What a stage tells the functions: which kind of callers come through it, and where it is served. */
import { basePathOf, type EndpointProps, mappingKeyOf } from "./props.ts";

/**
 * API Gateway takes no empty values: without a base path there is no variable. `mapping` is
 * for an API with a domain alone, which may be called by its own name too, with other links.
 */
export function stageVariables(endpoint: EndpointProps): Record<string, string> {
  const basePath = basePathOf(endpoint);
  return {
    endpoint: endpoint.kind,
    ...(basePath === "" ? {} : { basePath }),
    ...(endpoint.domainName === undefined ? {} : { mapping: `/${mappingKeyOf(endpoint) ?? ""}` }),
  };
}
