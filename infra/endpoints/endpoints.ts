/** All endpoints of a stack: an API for each, over the same functions. */
import { Validations } from "aws-cdk-lib";
import type { MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import type { IAlias } from "aws-cdk-lib/aws-lambda";
import type { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { integrationRole } from "../integration-role.ts";
import { logGroup } from "../log-groups.ts";
import { NO_FIREWALL_REASON, REST_REASONS } from "../reasons.ts";
import { destinationArn } from "./access-log.ts";
import type { AuthorizerFunction } from "./authorizer-function.ts";
import { Domains } from "./domains.ts";
import type { Api, ApiProps, Endpoint } from "./endpoint.ts";
import { PlacementHttpApi } from "./http-api.ts";
import { type EndpointKind, type EndpointProps, isRest } from "./props.ts";
import { PlacementRestApi } from "./rest-api.ts";

export interface EndpointsProps
  extends Pick<ApiProps, "logs" | "throttle" | "openApiThrottle" | "browsers"> {
  /** Prefix of the names of APIs and their logs. */
  readonly name: string;
  readonly endpoints: readonly EndpointProps[];
  readonly aliases: ReadonlyMap<string, IAlias>;
  /** Of the endpoints whose callers carry tokens. */
  readonly authorizers: ReadonlyMap<EndpointKind, AuthorizerFunction>;
}

export class Endpoints extends Construct {
  readonly byKind: ReadonlyMap<EndpointKind, Endpoint>;
  readonly #props: EndpointsProps;
  readonly #domains: Domains;

  constructor(scope: Construct, id: string, props: EndpointsProps) {
    super(scope, id);
    this.#props = props;
    this.#domains = new Domains(this, "Domains");
    const role = integrationRole(this, [...props.aliases.values()]);
    this.byKind = new Map(
      props.endpoints.map((endpoint) => [endpoint.kind, this.#make(endpoint, role.roleArn)]),
    );
  }

  /** @throws Error if the stack has no endpoint of this kind */
  get(kind: EndpointKind): Endpoint {
    const found = this.byKind.get(kind);
    if (found === undefined) throw new Error(`there is no ${kind} endpoint`);
    return found;
  }

  #make(endpoint: EndpointProps, roleArn: string): Endpoint {
    const { kind } = endpoint;
    const { api, accessLog } = this.#api(endpoint, roleArn);
    const domain = this.#domains.map(endpoint, api);
    return {
      kind,
      given: endpoint,
      api,
      accessLog,
      url: domain?.url ?? api.ownUrl,
      domainTarget: domain?.target,
      metricCount: (options?: MetricOptions) => api.metric("count", options),
      metricLatency: (options?: MetricOptions) => api.metric("latency", options),
      metricErrors: (options?: MetricOptions) => api.metric("errors", options),
      metricClientErrors: (options?: MetricOptions) => api.metric("clientErrors", options),
    };
  }

  #api(
    endpoint: EndpointProps,
    roleArn: string,
  ): { readonly api: Api & Construct; readonly accessLog: LogGroup } {
    const { kind } = endpoint;
    const { logs, name: prefix, authorizers } = this.#props;
    const isIam = kind === "iam";
    const name = isIam ? prefix : `${prefix}-${kind}`;
    // The IAM endpoint's parts stand directly here: its log keeps its place in older stacks.
    const scope = isIam ? this : new Construct(this, kind);
    // Log delivery keeps a policy of limited length for groups of any other prefix.
    const log = logGroup(scope, "AccessLog", `/aws/vendedlogs/apigateway/${name}`, logs);
    const cache = isIam ? 0 : (endpoint.authorizerCache?.toSeconds() ?? 0);
    const props = {
      ...this.#props,
      name,
      endpoint,
      roleArn,
      logArn: destinationArn(log),
      authorizer: authorizers.get(kind)?.parts(cache),
    };
    if (!isRest(endpoint)) {
      return { api: new PlacementHttpApi(scope, "HttpApi", props), accessLog: log };
    }
    const api = new PlacementRestApi(scope, "RestApi", props);
    Validations.of(api).acknowledge(...REST_REASONS);
    if (endpoint.webAclArn === undefined) Validations.of(api).acknowledge(NO_FIREWALL_REASON);
    return { api, accessLog: log };
  }
}
