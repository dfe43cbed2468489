/** API Gateway's HTTP API of an endpoint, from one OpenAPI document. */
import { Aws, Stack } from "aws-cdk-lib";
import { CfnApi, CfnStage } from "aws-cdk-lib/aws-apigatewayv2";
import { Metric, type MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import { showOpenApi } from "../../functions/openapi/show.ts";
import type { Limits } from "../throttle.ts";
import { accessLogFormat } from "./access-log.ts";
import { type Api, type ApiMetric, type ApiProps, metricDefaults } from "./endpoint.ts";
import { gatewayBody } from "./gateway-body.ts";
import { httpRoutes } from "./routes.ts";
import { stageVariables } from "./stage-variables.ts";

const METRICS = { clientErrors: "4xx", errors: "5xx", count: "Count", latency: "Latency" } as const;

/** Both: API Gateway does not complete one from the default. */
const routeSettings = ({ rateLimit, burstLimit }: Limits) => ({
  ThrottlingRateLimit: rateLimit,
  ThrottlingBurstLimit: burstLimit,
});

export class PlacementHttpApi extends Construct implements Api {
  readonly apiId: string;
  readonly stageName = "$default";
  readonly ownUrl: string;

  /** @param logArn of the group of the access log */
  constructor(scope: Construct, id: string, props: ApiProps & { readonly logArn: string }) {
    super(scope, id);
    const { endpoint, throttle, openApiThrottle, logArn } = props;
    const body = gatewayBody(this, {
      ...props,
      title: props.name,
      kind: endpoint.kind,
      rest: false,
      routes: httpRoutes(props.browsers),
      disableExecuteApiEndpoint: endpoint.disableExecuteApiEndpoint ?? false,
    });
    const api = new CfnApi(this, "Gateway", { body });
    this.apiId = api.ref;
    this.ownUrl = api.attrApiEndpoint;
    new CfnStage(this, "Stage", {
      apiId: api.ref,
      stageName: this.stageName,
      autoDeploy: true,
      stageVariables: stageVariables(endpoint),
      accessLogSettings: { destinationArn: logArn, format: accessLogFormat(false) },
      defaultRouteSettings: {
        throttlingRateLimit: throttle.rateLimit,
        throttlingBurstLimit: throttle.burstLimit,
      },
      routeSettings: { [showOpenApi.route]: routeSettings(openApiThrottle) },
    });
  }

  get callArn(): string {
    const { partition, region, account } = Stack.of(this);
    return `arn:${partition}:execute-api:${region}:${account}:${this.apiId}/$default/*/*`;
  }

  metric(name: ApiMetric, options: MetricOptions = {}): Metric {
    return new Metric({
      namespace: "AWS/ApiGateway",
      metricName: METRICS[name],
      dimensionsMap: { ApiId: this.apiId },
      ...metricDefaults(name),
      ...options,
    });
  }
}

/** The host name of API Gateway for an API. */
export function executeApiHost(apiId: string): string {
  return `${apiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}`;
}
