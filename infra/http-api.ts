/** API Gateway's HTTP API: a route per operation, and `$default` for what no route takes. */
import { RemovalPolicy, Validations } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import {
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
} from "aws-cdk-lib/aws-apigatewayv2";
import { HttpIamAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { type AnyOperation, methodOf, pathOf } from "../lib/api/operation.ts";
import { constructId } from "./placement-function.ts";
import { OPEN_ROUTE_REASON } from "./reasons.ts";

/** What a browser asks before the request itself, which it cannot sign. */
const PREFLIGHT_PATHS = { Preflight: "/{proxy+}", PreflightRoot: "/" } as const;

/** One line of JSON a request. The function's own request id is in its answer and its log. */
const ACCESS_LOG = {
  time: "$context.requestTime",
  requestId: "$context.requestId",
  sourceIp: "$context.identity.sourceIp",
  caller: "$context.identity.userArn",
  method: "$context.httpMethod",
  path: "$context.path",
  routeKey: "$context.routeKey",
  protocol: "$context.protocol",
  status: "$context.status",
  responseLength: "$context.responseLength",
  latency: "$context.responseLatency",
  integrationLatency: "$context.integrationLatency",
  integrationError: "$context.integrationErrorMessage",
  error: "$context.error.message",
  userAgent: "$context.identity.userAgent",
};

export interface Throttle {
  readonly rateLimit: number | undefined;
  readonly burstLimit: number | undefined;
}

export interface PlacementHttpApiProps {
  readonly name: string;
  readonly logRetention: RetentionDays;
  readonly throttle: { readonly [limit in keyof Throttle]: number };
}

export class PlacementHttpApi extends Construct {
  readonly api: HttpApi;
  readonly stage: HttpStage;
  readonly #signed = new HttpIamAuthorizer();
  readonly #open = new HttpNoneAuthorizer();

  constructor(scope: Construct, id: string, props: PlacementHttpApiProps) {
    super(scope, id);
    this.api = new HttpApi(this, "Api", {
      apiName: props.name,
      description: "The OpenStack Placement API",
      createDefaultStage: false,
    });
    // Log delivery keeps a policy of limited length for groups of any other prefix.
    const accessLog = new LogGroup(this, "AccessLog", {
      logGroupName: `/aws/vendedlogs/apigateway/${props.name}`,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.stage = new HttpStage(this, "Stage", {
      httpApi: this.api,
      stageName: "$default",
      autoDeploy: true,
      throttle: props.throttle,
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
  }

  /** Routes `operation`. Without a policy rule it is for everybody, else for signed requests. */
  addOperation(operation: AnyOperation, handler: IFunction): void {
    const integration = new HttpLambdaIntegration(`${constructId(operation)}-integration`, handler);
    const key =
      operation.route === "$default"
        ? HttpRouteKey.DEFAULT
        : HttpRouteKey.with(pathOf(operation), httpMethod(methodOf(operation)));
    const open = operation.route !== "$default" && operation.rule === undefined;
    this.#route(constructId(operation), key, integration, open ? this.#open : this.#signed);
  }

  /** Lets `fallback` answer the preflight requests of browsers, which carry no signature. */
  addPreflight(fallback: IFunction): void {
    for (const [id, path] of Object.entries(PREFLIGHT_PATHS)) {
      const integration = new HttpLambdaIntegration(`${id}-integration`, fallback);
      const key = HttpRouteKey.with(path, HttpMethod.OPTIONS);
      this.#route(id, key, integration, this.#open);
    }
  }

  #route(
    id: string,
    routeKey: HttpRouteKey,
    integration: HttpLambdaIntegration,
    authorizer: IHttpRouteAuthorizer,
  ): void {
    const route = new HttpRoute(this, id, {
      httpApi: this.api,
      routeKey,
      integration,
      authorizer,
    });
    if (authorizer === this.#open) Validations.of(route).acknowledge(OPEN_ROUTE_REASON);
  }
}

function httpMethod(method: string): HttpMethod {
  const found = Object.values(HttpMethod).find((known) => known === method);
  if (found === undefined) throw new Error(`API Gateway has no method ${method}`);
  return found;
}
