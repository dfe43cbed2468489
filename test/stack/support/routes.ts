/** The routes of an endpoint, read from the document that the template gives to API Gateway. */
import { type Assembly, type Resource, referred } from "./assembly.ts";

export interface TemplateRoute {
  /** In capitals; `ANY`, and `$default` for an HTTP API's default route. */
  readonly method: string;
  readonly path: string;
  /** `GET /traits`, as an HTTP API names it; `$default`. */
  readonly key: string;
  /** `NONE`, or the name of the security scheme. */
  readonly authorization: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template's properties have no types
  readonly integration: any;
}

export interface TemplateApi {
  readonly id: string;
  readonly rest: boolean;
  readonly api: Resource;
  readonly stage: Resource;
  // biome-ignore lint/suspicious/noExplicitAny: a template's properties have no types
  readonly body: any;
  readonly routes: readonly TemplateRoute[];
}

const STAGES = { "AWS::ApiGatewayV2::Stage": "ApiId", "AWS::ApiGateway::Stage": "RestApiId" };

/** The API whose stage says that it is of this kind. */
export function apiOf(assembly: Assembly, kind = "iam"): TemplateApi {
  for (const [type, property] of Object.entries(STAGES)) {
    for (const [, stage] of assembly.ofType(type)) {
      const { StageVariables, Variables } = stage.Properties;
      if ((StageVariables ?? Variables).endpoint !== kind) continue;
      const id = referred(stage.Properties[property]);
      const api = assembly.resources[id];
      if (api === undefined) throw new Error(`the template lacks ${id}`);
      const body = api.Properties.Body;
      return { id, rest: property === "RestApiId", api, stage, body, routes: routesIn(body) };
    }
  }
  throw new Error(`the template has no ${kind} endpoint`);
}

// biome-ignore lint/suspicious/noExplicitAny: as above
function routesIn(body: any): TemplateRoute[] {
  // biome-ignore lint/suspicious/noExplicitAny: as above
  return Object.entries<any>(body.paths).flatMap(([path, item]) =>
    // biome-ignore lint/suspicious/noExplicitAny: as above
    Object.entries<any>(item).flatMap(([name, operation]) => {
      if (name === "parameters") return [];
      const method = name === "x-amazon-apigateway-any-method" ? "ANY" : name.toUpperCase();
      const key = operation.isDefaultRoute === true ? "$default" : `${method} ${path}`;
      return [
        {
          method,
          path,
          key,
          authorization: authorizationOf(operation.security),
          integration: operation["x-amazon-apigateway-integration"],
        },
      ];
    }),
  );
}

function authorizationOf(security: readonly Record<string, unknown>[] | undefined): string {
  if (security === undefined || security.length === 0) return "NONE";
  const names = security.flatMap((each) => Object.keys(each));
  if (security.length !== 1 || names.length !== 1) throw new Error("not exactly one authorizer");
  return names[0] ?? "";
}

/** What a route leads to, as API Gateway finds it: an alias, and its function. */
export interface RouteTarget {
  /** The alias's logical id. */
  readonly aliasId: string;
  /** The alias's name: `http`. */
  readonly qualifier: string;
  readonly lambda: Resource;
  /** The logical id of the role as which the alias is invoked. */
  readonly roleId: string;
}

export function behind({ resources }: Assembly, { integration }: TemplateRoute): RouteTarget {
  const aliasId = invoked(integration.uri);
  const alias = resources[aliasId];
  if (alias?.Type !== "AWS::Lambda::Alias") throw new Error(`${aliasId} is no alias`);
  const lambda = resources[referred(alias.Properties.FunctionName)];
  if (lambda === undefined) throw new Error(`${aliasId} has no function`);
  const roleId = referred(integration.credentials);
  return { aliasId, qualifier: alias.Properties.Name, lambda, roleId };
}

/** The logical id of what an invocation's URI names. */
export function invoked(uri: {
  readonly "Fn::Join": readonly [string, readonly unknown[]];
}): string {
  const parts = uri["Fn::Join"][1];
  const text = parts.map((part) => (typeof part === "string" ? part : "{}")).join("");
  if (
    !/^arn:\{\}:apigateway:\{\}:lambda:path\/2015-03-31\/functions\/\{\}\/invocations$/.test(text)
  ) {
    throw new Error(`${text} is no invocation`);
  }
  return referred(parts.at(-2) as { readonly Ref?: string });
}
