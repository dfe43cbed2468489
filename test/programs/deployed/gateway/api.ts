/** The APIs of a template: their routes, out of the OpenAPI documents that API Gateway imports. */
import * as z from "zod";
import type { Json } from "../assembly/json.ts";
import type { Template } from "../assembly/template.ts";
import { type Authorization, authorizationsOf, schemeSchema } from "./authorization.ts";
import { httpLimits, httpLimitsSchema, type LimitsOf } from "./throttle.ts";

export type Format = "1.0" | "2.0";

export interface Route {
  /** `GET`, or `ANY`. */
  readonly method: string;
  /** `/resource_providers/{uuid}`; undefined: the route `$default`. */
  readonly path: string | undefined;
  readonly authorization: Authorization;
  /** Of the alias that it invokes. */
  readonly target: string;
  /** The ARN of the role under which API Gateway invokes it; undefined: the function's own policy. */
  readonly role: string | undefined;
}

export interface PlayedApi {
  readonly id: string;
  /** An HTTP API, or a REST API. */
  readonly format: Format;
  readonly stage: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly routes: readonly Route[];
  /** What each route takes; undefined: as much as comes. */
  readonly limits: LimitsOf | undefined;
  /** The format of the access log. */
  readonly accessLog: string;
}

const integrationSchema = z.object({
  type: z.string().regex(/^aws_proxy$/i),
  uri: z.string(),
  credentials: z.string().optional(),
  payloadFormatVersion: z.enum(["1.0", "2.0"]).optional(),
});

const security = z.array(z.record(z.string(), z.array(z.string()))).optional();

const operationSchema = z.object({
  security,
  "x-amazon-apigateway-auth": z.object({ type: z.string() }).optional(),
  "x-amazon-apigateway-integration": integrationSchema,
});

const ANY = "x-amazon-apigateway-any-method";
const METHODS = ["get", "put", "post", "delete", "patch", "options", "head", ANY];

const bodySchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.json())),
  security,
  components: z
    .object({ securitySchemes: z.record(z.string(), schemeSchema).default({}) })
    .default({ securitySchemes: {} }),
});

const apiSchema = z.object({ Body: bodySchema });
const formatSchema = z.object({ Format: z.string() });
const httpStageSchema = httpLimitsSchema.extend({
  ApiId: z.string(),
  StageName: z.string(),
  StageVariables: z.record(z.string(), z.string()).default({}),
  AccessLogSettings: formatSchema,
});
const restStageSchema = z.object({
  RestApiId: z.string(),
  StageName: z.string(),
  Variables: z.record(z.string(), z.string()).default({}),
  AccessLogSetting: formatSchema,
});

/** HTTP APIs and REST APIs, with the stage of each. */
export function apisOf(template: Template): PlayedApi[] {
  const http = template.ofType("AWS::ApiGatewayV2::Stage", httpStageSchema);
  const rest = template.ofType("AWS::ApiGateway::Stage", restStageSchema);
  return [
    ...template.ofType("AWS::ApiGatewayV2::Api", apiSchema).map(([id, { Body }]) => {
      const stage = http.find(([, { ApiId }]) => ApiId === template.names.ref(id))?.[1];
      if (stage === undefined) throw new Error(`${id} has no stage`);
      const { StageName, StageVariables: variables, AccessLogSettings } = stage;
      const more = { limits: httpLimits(stage), accessLog: AccessLogSettings.Format };
      return { ...apiOf(Body, "2.0"), id, stage: StageName, variables, ...more };
    }),
    ...template.ofType("AWS::ApiGateway::RestApi", apiSchema).map(([id, { Body }]) => {
      const stage = rest.find(([, { RestApiId }]) => RestApiId === template.names.ref(id))?.[1];
      if (stage === undefined) throw new Error(`${id} has no stage`);
      const { StageName, Variables: variables, AccessLogSetting } = stage;
      const more = { limits: undefined, accessLog: AccessLogSetting.Format };
      return { ...apiOf(Body, "1.0"), id, stage: StageName, variables, ...more };
    }),
  ];
}

function apiOf(body: z.infer<typeof bodySchema>, format: Format) {
  const authorizations = authorizationsOf(body.components.securitySchemes);
  const routes = Object.entries(body.paths).flatMap(([path, members]) =>
    Object.entries(members)
      .filter(([method]) => METHODS.includes(method))
      .map(([method, operation]) => {
        const wanted = format === "1.0" ? "1.0" : "2.0";
        return routeOf(path, method, { operation, body, authorizations, format: wanted });
      }),
  );
  return { format, routes };
}

interface RouteParts {
  readonly operation: Json;
  readonly body: z.infer<typeof bodySchema>;
  readonly authorizations: ReadonlyMap<string, Authorization>;
  readonly format: Format;
}

function routeOf(path: string, method: string, parts: RouteParts): Route {
  const operation = operationSchema.parse(parts.operation);
  const integration = operation["x-amazon-apigateway-integration"];
  // An HTTP API sends the format that the integration names, a REST API has only its own.
  if (parts.format === "2.0" && integration.payloadFormatVersion !== "2.0") {
    throw new Error(`${method} ${path} does not have the payload format 2.0`);
  }
  return {
    method: method === ANY ? "ANY" : method.toUpperCase(),
    path: path === "/$default" || path === "$default" ? undefined : path,
    authorization: authorizationOf(operation, parts),
    target: /functions\/(arn:[^/]+)\/invocations$/.exec(integration.uri)?.[1] ?? integration.uri,
    role: integration.credentials,
  };
}

function authorizationOf(
  operation: z.infer<typeof operationSchema>,
  { body, authorizations }: RouteParts,
): Authorization {
  if (operation["x-amazon-apigateway-auth"]?.type === "AWS_IAM") return { kind: "iam" };
  const [first, ...others] = operation.security ?? body.security ?? [];
  if (first === undefined) return { kind: "none" };
  const [name, ...more] = Object.keys(first);
  const found = name === undefined ? undefined : authorizations.get(name);
  if (found === undefined || others.length + more.length > 0) {
    throw new Error(`a route takes one authorizer: ${JSON.stringify(operation.security)}`);
  }
  return found;
}
