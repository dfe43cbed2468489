/**
 * The OpenAPI document that API Gateway imports: routes, integrations and authorizers in one
 * resource. `functions/openapi/` has the document for clients.
 *
 * Source: API Gateway developer guide, "OpenAPI extensions for API Gateway"; AWS SAM, which
 * writes the security schemes of IAM and of Lambda authorizers in this form.
 */
import { Stack } from "aws-cdk-lib";
import type { IAlias } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { listMetrics } from "../../functions/metrics/list.ts";
import type { EndpointKind } from "./props.ts";
import { DEFAULT_PATH, type GatewayRoute } from "./routes.ts";

/** How long a REST API waits for a function, in milliseconds; 29 s is what it has by default. */
const REST_TIMEOUT = 29_000;

/** The header of each kind's token, which is what API Gateway keeps answers by. */
const TOKEN_HEADERS = { keystone: "X-Auth-Token", jwt: "Authorization" } as const;

/** The scheme of a route whose answers of the authorizer are not kept. */
const UNCACHED = "keystone-uncached";

export interface AuthorizerParts {
  readonly functionArn: string;
  /** The role as which API Gateway invokes the function. */
  readonly roleArn: string;
  /** Seconds that API Gateway keeps an answer. */
  readonly cache: number;
}

export interface BodyParts {
  readonly title: string;
  readonly kind: EndpointKind;
  readonly rest: boolean;
  readonly routes: readonly GatewayRoute[];
  /** By the ids of operations. */
  readonly aliases: ReadonlyMap<string, IAlias>;
  /** The role as which API Gateway invokes the aliases. */
  readonly roleArn: string;
  /** Absent where callers sign for IAM. */
  readonly authorizer: AuthorizerParts | undefined;
  readonly disableExecuteApiEndpoint: boolean;
}

type Json = Readonly<Record<string, unknown>>;

export function gatewayBody(scope: Construct, parts: BodyParts): Json {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of parts.routes) {
    const { path, method } = route;
    paths[path] ??= pathOf(path);
    paths[path][method === "any" ? "x-amazon-apigateway-any-method" : method] = methodOf(
      scope,
      route,
      parts,
    );
  }
  return {
    openapi: "3.0.1",
    info: { title: parts.title, description: "The OpenStack Placement API", version: "1" },
    // API Gateway reads this here only, not from the properties of the API.
    ...(parts.disableExecuteApiEndpoint
      ? {
          servers: [
            {
              url: "/",
              "x-amazon-apigateway-endpoint-configuration": { disableExecuteApiEndpoint: true },
            },
          ],
        }
      : {}),
    paths,
    components: { securitySchemes: securitySchemes(scope, parts) },
    // Bodies arrive as they are, compressed ones too.
    ...(parts.rest ? { "x-amazon-apigateway-binary-media-types": ["*/*"] } : {}),
  };
}

function pathOf(path: string): Record<string, unknown> {
  const parameters = [...path.matchAll(/\{(\w+)\+?\}/g)].map(([, name]) => {
    return { name, in: "path", required: true, schema: { type: "string" } };
  });
  return parameters.length > 0 ? { parameters } : {};
}

function methodOf(scope: Construct, route: GatewayRoute, parts: BodyParts): Json {
  const { kind, rest } = parts;
  const guarded = {
    security: [{ [schemeOf(route, parts)]: [] }],
    ...(rest && kind === "iam" ? { "x-amazon-apigateway-auth": { type: "AWS_IAM" } } : {}),
  };
  return {
    ...(route.path === DEFAULT_PATH ? { isDefaultRoute: true } : {}),
    ...(route.open ? {} : guarded),
    responses: { default: { description: "The answer of the function" } },
    "x-amazon-apigateway-integration": integration(scope, route, parts),
  };
}

function integration(scope: Construct, { operation: { id } }: GatewayRoute, parts: BodyParts) {
  const alias = parts.aliases.get(id);
  if (alias === undefined) throw new Error(`${id} has no alias for HTTP`);
  return {
    type: "aws_proxy",
    httpMethod: "POST",
    uri: invocationUri(scope, alias.functionArn),
    credentials: parts.roleArn,
    ...(parts.rest ? { timeoutInMillis: REST_TIMEOUT } : { payloadFormatVersion: "2.0" }),
  };
}

/** API Gateway keeps Keystone's answers by one header; scrapers send their tokens in another one. */
const takesBearer = ({ kind, authorizer }: BodyParts): boolean =>
  kind === "keystone" && authorizer !== undefined && authorizer.cache > 0;

const schemeOf = ({ operation }: GatewayRoute, parts: BodyParts): string =>
  takesBearer(parts) && operation.id === listMetrics.id ? UNCACHED : parts.kind;

function securitySchemes(scope: Construct, parts: BodyParts): Json {
  const { kind, authorizer } = parts;
  const scheme = { [kind]: securityScheme(scope, parts) };
  if (authorizer === undefined || !takesBearer(parts)) return scheme;
  const uncached = { ...parts, authorizer: { ...authorizer, cache: 0 } };
  return { ...scheme, [UNCACHED]: securityScheme(scope, uncached) };
}

function securityScheme(scope: Construct, { kind, rest, authorizer }: BodyParts): Json {
  const named = { type: "apiKey", in: "header" };
  if (kind === "iam") {
    return { ...named, name: "Authorization", "x-amazon-apigateway-authtype": "awsSigv4" };
  }
  if (authorizer === undefined) throw new Error(`the ${kind} endpoint has no authorizer`);
  const { functionArn, roleArn, cache } = authorizer;
  const source = rest ? "method.request.header." : "$request.header.";
  return {
    ...named,
    // OpenAPI requires a name, which API Gateway does not use.
    name: "Unused",
    ...(rest ? { "x-amazon-apigateway-authtype": "custom" } : {}),
    "x-amazon-apigateway-authorizer": {
      type: "request",
      authorizerUri: invocationUri(scope, functionArn),
      authorizerCredentials: roleArn,
      authorizerResultTtlInSeconds: cache,
      // With a source, API Gateway itself answers 401 to requests that lack it.
      ...(cache > 0 ? { identitySource: `${source}${TOKEN_HEADERS[kind]}` } : {}),
      ...(rest ? {} : { authorizerPayloadFormatVersion: "2.0", enableSimpleResponses: true }),
    },
  };
}

/** How API Gateway names an invocation of a function or alias. */
function invocationUri(scope: Construct, functionArn: string): string {
  const { partition, region } = Stack.of(scope);
  const path = "lambda:path/2015-03-31/functions";
  return `arn:${partition}:apigateway:${region}:${path}/${functionArn}/invocations`;
}
