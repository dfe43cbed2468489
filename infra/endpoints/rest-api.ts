/** API Gateway's REST API of an endpoint: private to VPC endpoints, or with AWS WAF. */
import { createHash } from "node:crypto";
import { Stack } from "aws-cdk-lib";
import { CfnDeployment, CfnRestApi, CfnStage } from "aws-cdk-lib/aws-apigateway";
import { Metric, type MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { CfnWebACLAssociation } from "aws-cdk-lib/aws-wafv2";
import { Construct } from "constructs";
import { showOpenApi } from "../../functions/openapi/show.ts";
import { methodOf, pathOf } from "../../lib/api/operation.ts";
import type { Limits } from "../throttle.ts";
import { accessLogFormat } from "./access-log.ts";
import { type Api, type ApiMetric, type ApiProps, metricDefaults } from "./endpoint.ts";
import { gatewayBody } from "./gateway-body.ts";
import { executeApiHost } from "./http-api.ts";
import { type PlaceProps, REST_STAGE } from "./props.ts";
import { restRoutes } from "./routes.ts";
import { stageVariables } from "./stage-variables.ts";

const METRICS = {
  clientErrors: "4XXError",
  errors: "5XXError",
  count: "Count",
  latency: "Latency",
} as const;

/** Relative to the API, as resource policies allow. */
const EVERY_REQUEST = "execute-api:/*";

const methodSettings = (httpMethod: string, resourcePath: string, limits: Limits) => ({
  httpMethod,
  resourcePath,
  throttlingRateLimit: limits.rateLimit,
  throttlingBurstLimit: limits.burstLimit,
});

/** A path as a stage's settings name it: with `~1` for each slash after a first one. */
const encoded = (path: string) => `/${path.replaceAll("/", "~1")}`;

export class PlacementRestApi extends Construct implements Api {
  readonly apiId: string;
  readonly stageName = REST_STAGE;
  readonly #name: string;

  /** @param logArn of the group of the access log */
  constructor(scope: Construct, id: string, props: ApiProps & { readonly logArn: string }) {
    super(scope, id);
    const { endpoint, throttle, openApiThrottle, logArn } = props;
    this.#name = props.name;
    const routes = restRoutes(props.browsers);
    const off = endpoint.disableExecuteApiEndpoint ?? false;
    const parts = { title: props.name, kind: endpoint.kind, rest: true, routes };
    const body = gatewayBody(this, { ...props, ...parts, disableExecuteApiEndpoint: off });
    const policy = resourcePolicy(endpoint);
    const vpcEndpointIds = endpoint.private?.vpcEndpoints.map((each) => each.vpcEndpointId);
    const api = new CfnRestApi(this, "Gateway", {
      name: props.name,
      body,
      endpointConfiguration:
        vpcEndpointIds === undefined
          ? { types: ["REGIONAL"] }
          : { types: ["PRIVATE"], vpcEndpointIds },
      ...(policy === undefined ? {} : { policy }),
    });
    this.apiId = api.ref;
    // A deployment is a copy that never changes: another document or policy needs another one.
    const deployed = JSON.stringify(Stack.of(this).resolve([body, policy, vpcEndpointIds]));
    const hash = createHash("sha256").update(deployed).digest("hex").slice(0, 16);
    const deployment = new CfnDeployment(this, `Deployment${hash}`, { restApiId: api.ref });
    const stage = new CfnStage(this, "Stage", {
      restApiId: api.ref,
      deploymentId: deployment.ref,
      stageName: this.stageName,
      variables: stageVariables(endpoint),
      accessLogSetting: { destinationArn: logArn, format: accessLogFormat(true) },
      methodSettings: [
        methodSettings("*", "/*", throttle),
        methodSettings(methodOf(showOpenApi), encoded(pathOf(showOpenApi)), openApiThrottle),
      ],
    });
    if (endpoint.webAclArn !== undefined) this.#protect(stage, endpoint.webAclArn);
  }

  get ownUrl(): string {
    return `https://${executeApiHost(this.apiId)}/${this.stageName}`;
  }

  get callArn(): string {
    const { partition, region, account } = Stack.of(this);
    return `arn:${partition}:execute-api:${region}:${account}:${this.apiId}/${this.stageName}/*/*`;
  }

  metric(name: ApiMetric, options: MetricOptions = {}): Metric {
    return new Metric({
      namespace: "AWS/ApiGateway",
      metricName: METRICS[name],
      dimensionsMap: { ApiName: this.#name, Stage: this.stageName },
      ...metricDefaults(name),
      ...options,
    });
  }

  #protect(stage: CfnStage, webAclArn: string): void {
    const { partition, region } = Stack.of(this);
    const path = `/restapis/${this.apiId}/stages/${stage.ref}`;
    const resourceArn = `arn:${partition}:apigateway:${region}::${path}`;
    new CfnWebACLAssociation(this, "Firewall", { resourceArn, webAclArn });
  }
}

/** A private API answers nobody without one; this one admits requests through its endpoints only. */
function resourcePolicy({
  private: hidden,
  resourcePolicy: given,
}: PlaceProps): PolicyDocument | undefined {
  if (hidden === undefined) return given;
  const every = {
    principals: [new AnyPrincipal()],
    actions: ["execute-api:Invoke"],
    resources: [EVERY_REQUEST],
  };
  const sources = hidden.vpcEndpoints.map(({ vpcEndpointId }) => vpcEndpointId);
  return new PolicyDocument({
    statements: [
      new PolicyStatement(every),
      new PolicyStatement({
        ...every,
        effect: Effect.DENY,
        conditions: { StringNotEquals: { "aws:SourceVpce": sources } },
      }),
    ],
  });
}
