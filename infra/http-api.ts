/** API Gateway's HTTP API: a route for each operation, and `$default` for all other requests. */
import { Validations } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import {
  CfnStage,
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
import type { IAlias } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { showOpenApi } from "../functions/openapi/show.ts";
import { type AnyOperation, methodOf, pathOf } from "../lib/api/operation.ts";
import { AliasIntegration, integrationRole } from "./alias-integration.ts";
import { type LogKeeping, logGroup } from "./log-groups.ts";
import { constructId } from "./names.ts";
import { OPEN_ROUTE_REASON } from "./reasons.ts";
import type { Limits } from "./throttle.ts";

/** The preflight request of a browser, which carries no signature. */
const PREFLIGHT_PATHS = { Preflight: "/{proxy+}", PreflightRoot: "/" } as const;

/**
 * One line of JSON for each request. Its `requestId` is `gatewayRequestId` in the function's
 * line, and its `lambdaRequestId` is in Lambda's own lines, which are written even if the
 * function crashes.
 */
const ACCESS_LOG = {
  time: "$context.requestTime",
  requestId: "$context.requestId",
  lambdaRequestId: "$context.integration.requestId",
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

export interface PlacementHttpApiProps {
  readonly name: string;
  readonly logs: LogKeeping;
  /** For every route without limits of its own. */
  readonly throttle: Limits;
  /** For the route of the OpenAPI document, which is large and needs no authorization. */
  readonly openApiThrottle: Limits;
  /** Of the functions, by the ids of their operations. */
  readonly aliases: ReadonlyMap<string, IAlias>;
}

export class PlacementHttpApi extends Construct {
  readonly api: HttpApi;
  readonly stage: HttpStage;
  readonly #signed = new HttpIamAuthorizer();
  readonly #open = new HttpNoneAuthorizer();
  readonly #openApiThrottle: Limits;
  readonly #integrations: ReadonlyMap<string, AliasIntegration>;

  constructor(scope: Construct, id: string, props: PlacementHttpApiProps) {
    super(scope, id);
    this.#openApiThrottle = props.openApiThrottle;
    this.api = new HttpApi(this, "Api", {
      apiName: props.name,
      description: "The OpenStack Placement API",
      createDefaultStage: false,
    });
    // Log delivery keeps a policy of limited length for groups of any other prefix.
    const logName = `/aws/vendedlogs/apigateway/${props.name}`;
    const accessLog = logGroup(this, "AccessLog", logName, props.logs);
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
    const role = integrationRole(this, [...props.aliases.values()]);
    this.#integrations = new Map(
      [...props.aliases].map(([id, alias]) => [id, new AliasIntegration(id, alias, role)]),
    );
  }

  /**
   * Routes `operation`. With a policy rule it accepts signed requests only, without one any request.
   *
   * @throws Error if its function has no alias here
   */
  addOperation(operation: AnyOperation): void {
    const key =
      operation.route === "$default"
        ? HttpRouteKey.DEFAULT
        : HttpRouteKey.with(pathOf(operation), httpMethod(methodOf(operation)));
    const open = operation.route !== "$default" && operation.rule === undefined;
    const authorizer = open ? this.#open : this.#signed;
    const route = this.#route(constructId(operation), key, operation, authorizer);
    if (operation === showOpenApi) this.#limit(route, operation.route, this.#openApiThrottle);
  }

  /** Lets `fallback` answer the preflight requests of browsers, which carry no signature. */
  addPreflight(fallback: AnyOperation): void {
    for (const [id, path] of Object.entries(PREFLIGHT_PATHS)) {
      this.#route(id, HttpRouteKey.with(path, HttpMethod.OPTIONS), fallback, this.#open);
    }
  }

  /** Gives an existing route limits of its own. */
  #limit(route: HttpRoute, routeKey: string, { rateLimit, burstLimit }: Limits): void {
    const stage = this.stage.node.defaultChild;
    if (!(stage instanceof CfnStage)) throw new Error("the stage has no resource");
    // Both: API Gateway does not complete one from the default.
    const limits = { ThrottlingRateLimit: rateLimit, ThrottlingBurstLimit: burstLimit };
    stage.routeSettings = { [routeKey]: limits };
    // API Gateway rejects settings of a route that does not exist yet.
    stage.node.addDependency(route);
  }

  #route(
    id: string,
    routeKey: HttpRouteKey,
    operation: AnyOperation,
    authorizer: IHttpRouteAuthorizer,
  ): HttpRoute {
    const integration = this.#integrations.get(operation.id);
    if (integration === undefined) throw new Error(`${operation.id} has no alias for HTTP`);
    const route = new HttpRoute(this, id, {
      httpApi: this.api,
      routeKey,
      integration,
      authorizer,
    });
    if (authorizer === this.#open) Validations.of(route).acknowledge(OPEN_ROUTE_REASON);
    return route;
  }
}

function httpMethod(method: string): HttpMethod {
  const found = Object.values(HttpMethod).find((known) => known === method);
  if (found === undefined) throw new Error(`API Gateway has no method ${method}`);
  return found;
}
