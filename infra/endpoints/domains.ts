/** Custom domain names. Endpoints with the same name share it, each under its own mapping key. */
import { CfnApiMapping, DomainName } from "aws-cdk-lib/aws-apigatewayv2";
import type { ICertificate } from "aws-cdk-lib/aws-certificatemanager";
import { Construct } from "constructs";
import type { Api } from "./endpoint.ts";
import { type EndpointProps, mappingKeyOf } from "./props.ts";

export interface MappedDomain {
  /** Without a slash at the end. */
  readonly url: string;
  /** The name to which a DNS record of the domain name points. */
  readonly target: string;
}

export class Domains extends Construct {
  readonly #made = new Map<string, DomainName>();

  /** Serves `api` under the domain name of `endpoint`; undefined if that has none. */
  map(endpoint: EndpointProps, api: Api): MappedDomain | undefined {
    const { kind, domainName, certificate } = endpoint;
    if (domainName === undefined || certificate === undefined) return undefined;
    const domain = this.#domain(domainName, certificate);
    const key = mappingKeyOf(endpoint);
    const mapping = new CfnApiMapping(this, `${kind}-mapping`, {
      apiId: api.apiId,
      stage: api.stageName,
      domainName: domain.name,
      ...(key === undefined ? {} : { apiMappingKey: key }),
    });
    // Written out, a stage's name is no reference to it.
    mapping.node.addDependency(api);
    const path = key === undefined ? "" : `/${key}`;
    return { url: `https://${domainName}${path}`, target: domain.regionalDomainName };
  }

  #domain(domainName: string, certificate: ICertificate): DomainName {
    const known = this.#made.get(domainName);
    if (known !== undefined) return known;
    const domain = new DomainName(this, `Domain${this.#made.size + 1}`, {
      domainName,
      certificate,
    });
    this.#made.set(domainName, domain);
    return domain;
  }
}
