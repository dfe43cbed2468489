/**
 * What a route asks of its callers.
 *
 * Source: API Gateway developer guide, "x-amazon-apigateway-authorizer object".
 */
import * as z from "zod";

export interface LambdaAuthorizer {
  readonly kind: "lambda";
  readonly name: string;
  /** Of the alias or function. */
  readonly target: string;
  /** The role under which API Gateway invokes it; undefined: the function's own policy. */
  readonly role: string | undefined;
  /** The headers of its identity sources, in lower case. */
  readonly sources: readonly string[];
  /** Milliseconds for which an answer is kept. */
  readonly kept: number;
}

export type Authorization = { readonly kind: "none" } | { readonly kind: "iam" } | LambdaAuthorizer;

const DEFAULT_TTL = 300;

const authorizerSchema = z.object({
  type: z.literal("request"),
  authorizerUri: z.string(),
  authorizerCredentials: z.string().optional(),
  authorizerResultTtlInSeconds: z.number().default(DEFAULT_TTL),
  identitySource: z.string().optional(),
});

export const schemeSchema = z.object({
  "x-amazon-apigateway-authtype": z.string().optional(),
  "x-amazon-apigateway-authorizer": authorizerSchema.optional(),
});

export type Scheme = z.infer<typeof schemeSchema>;

/** By the name of the security scheme. */
export function authorizationsOf(
  schemes: Readonly<Record<string, Scheme>>,
): Map<string, Authorization> {
  return new Map(
    Object.entries(schemes).map(([name, scheme]) => [name, authorization(name, scheme)]),
  );
}

function authorization(name: string, scheme: Scheme): Authorization {
  if (scheme["x-amazon-apigateway-authtype"]?.toLowerCase() === "awssigv4") return { kind: "iam" };
  const given = scheme["x-amazon-apigateway-authorizer"];
  if (given === undefined) throw new Error(`the security scheme ${name} is not played`);
  const { authorizerUri: uri } = given;
  return {
    kind: "lambda",
    name,
    target: /functions\/(arn:[^/]+)\/invocations$/.exec(uri)?.[1] ?? uri,
    role: given.authorizerCredentials,
    sources: (given.identitySource ?? "")
      .split(",")
      .map((source) => /^\s*\$?(?:method\.)?request\.header\.(.+?)\s*$/.exec(source)?.[1])
      .flatMap((header) => (header === undefined ? [] : [header.toLowerCase()])),
    kept: given.authorizerResultTtlInSeconds * 1_000,
  };
}
