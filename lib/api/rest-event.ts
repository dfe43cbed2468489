/**
 * The event of API Gateway's REST API, payload format 1.0. A private endpoint is such an
 * API, since an HTTP API cannot be private.
 *
 * Source: Amazon API Gateway developer guide, "Input format of a Lambda function for
 * proxy integration".
 */
import * as z from "zod";
import { stageVariablesSchema } from "./endpoint.ts";
import { below, routedPath } from "./event-path.ts";
import { type HttpEvent, lowerCase, optionalText, parsedEvent, texts } from "./http-event.ts";
import { Query } from "./query.ts";

const textLists = () => z.record(z.string(), z.array(z.string())).nullish();

const restEventSchema = z.object({
  /** The path of the matched resource, such as `/{proxy+}`. */
  resource: z.string(),
  path: z.string(),
  httpMethod: z.string(),
  headers: texts(),
  multiValueHeaders: textLists(),
  queryStringParameters: texts(),
  multiValueQueryStringParameters: textLists(),
  pathParameters: texts(),
  stageVariables: stageVariablesSchema,
  body: optionalText(),
  isBase64Encoded: z.boolean().default(false),
  requestContext: z.object({
    /** With the stage before it where the API is called by its own name. */
    path: optionalText(),
    stage: optionalText(),
    domainName: optionalText(),
    requestId: optionalText(),
    identity: z.looseObject({}).nullish(),
    authorizer: z.looseObject({}).nullish(),
  }),
});

type RestEvent = z.infer<typeof restEventSchema>;

/** Whether the event is one of a REST API: those of HTTP APIs name the method elsewhere. */
export function looksLikeRest(event: unknown): boolean {
  return typeof event === "object" && event !== null && Object.hasOwn(event, "httpMethod");
}

/** @throws MalformedEvent */
export function fromRestApi(given: unknown): HttpEvent {
  const event = parsedEvent(restEventSchema, given, "1.0");
  const { resource, path, pathParameters: params, stageVariables, requestContext } = event;
  const { endpoint, basePath, mapping } = stageVariables;
  const { stage, domainName, requestId } = requestContext;
  const stagePath = stage ? `/${stage}` : "";
  const inStage = stagePath !== "" && requestContext.path === `${stagePath}${path}`;
  // Without a domain, a base path of its own is that of a proxy, which calls the API in its stage.
  const asCalled = inStage && (mapping !== undefined || basePath === "");
  return {
    method: event.httpMethod,
    path: routedPath(resource, params) ?? below(path, basePath),
    prefix: asCalled ? stagePath : basePath,
    params,
    query: new Query(
      pairsOf(event.multiValueQueryStringParameters) ?? Object.entries(event.queryStringParameters),
    ),
    headers: lowerCase(pairsOf(event.multiValueHeaders) ?? Object.entries(event.headers)),
    body: event.body,
    isBase64Encoded: event.isBase64Encoded,
    endpoint,
    authorizer: authorizerOf(requestContext),
    domainName: domainName ?? undefined,
    requestId: requestId ?? undefined,
  };
}

/** The values of each name in their order; undefined without any list. */
function pairsOf(
  lists: Readonly<Record<string, readonly string[]>> | null | undefined,
): [string, string][] | undefined {
  if (!lists) return undefined;
  return Object.entries(lists).flatMap(([name, values]) =>
    values.map((value): [string, string] => [name, value]),
  );
}

/** In the form of 2.0. `identity` names a signer only if the method's authorization is IAM. */
function authorizerOf({ identity, authorizer }: RestEvent["requestContext"]): unknown {
  const { userArn, accountId, user } = identity ?? {};
  return {
    ...(userArn ? { iam: { userArn, accountId, userId: user } } : {}),
    ...(authorizer?.["identity"] === undefined
      ? {}
      : { lambda: { identity: authorizer["identity"] } }),
  };
}
