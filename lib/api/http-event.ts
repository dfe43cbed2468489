/**
 * Events of API Gateway: of an HTTP API in payload format 2.0, of a REST API in format
 * 1.0. The parts that are used here are validated before anything else reads them, and
 * have one form from here on.
 *
 * Source: Amazon API Gateway developer guide, "Create AWS Lambda proxy integrations
 * for HTTP APIs".
 */
import * as z from "zod";
import { type EndpointKind, stageVariablesSchema } from "./endpoint.ts";
import { below, isBelow, routedPath } from "./event-path.ts";
import { Query } from "./query.ts";
import { MalformedEvent } from "./refusals.ts";

/** API Gateway omits what is absent; its emulators on a developer's machine send `null`. */
export const optionalText = () => z.string().nullish();
export const texts = () =>
  z
    .record(z.string(), z.string())
    .nullish()
    .transform((given) => given ?? {});

const httpEventSchema = z.object({
  routeKey: optionalText(),
  rawPath: z.string(),
  rawQueryString: optionalText().transform((given) => given ?? ""),
  headers: texts(),
  pathParameters: texts(),
  stageVariables: stageVariablesSchema,
  body: optionalText(),
  isBase64Encoded: z.boolean().default(false),
  requestContext: z.object({
    http: z.object({ method: z.string() }),
    /** Absent for the stage `$default`. */
    stage: optionalText(),
    domainName: optionalText(),
    requestId: optionalText(),
    /** Who calls; `caller.ts` parses it. */
    authorizer: z.unknown().optional(),
  }),
});

/** A request of either format. */
export interface HttpEvent {
  readonly method: string;
  /** Decoded, as the operations know it. */
  readonly path: string;
  /** What clients have before that path. */
  readonly prefix: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null | undefined;
  readonly isBase64Encoded: boolean;
  readonly endpoint: EndpointKind;
  /** `iam` or `lambda` of format 2.0, of whichever format the event is. */
  readonly authorizer: unknown;
  readonly domainName: string | undefined;
  readonly requestId: string | undefined;
}

/** Whether `event` claims to come from API Gateway, well-formed or not. */
export function looksLikeHttp(event: unknown): boolean {
  return typeof event === "object" && event !== null && Object.hasOwn(event, "requestContext");
}

/**
 * The event as `schema` has it.
 * @throws MalformedEvent, which contains no value: an event may hold credentials
 */
export function parsedEvent<T>(schema: z.ZodType<T>, event: unknown, format: "1.0" | "2.0"): T {
  const parsed = schema.safeParse(event);
  if (parsed.success) return parsed.data;
  const place = parsed.error.issues[0]?.path.slice(0, 3).join(".") || "the whole";
  throw new MalformedEvent(place, format);
}

/** @throws MalformedEvent */
export function fromHttpApi(given: unknown): HttpEvent {
  const event = parsedEvent(httpEventSchema, given, "2.0");
  const { rawPath, routeKey, pathParameters: params, stageVariables, requestContext } = event;
  const { stage, domainName, requestId, authorizer, http } = requestContext;
  const { endpoint, basePath, mapping } = stageVariables;
  const stagePath = !stage || stage === "$default" ? "" : `/${stage}`;
  // The key of a custom domain's mapping stays in the raw path: only a route is sure to lack it.
  const [, template] = routeKey?.split(" ") ?? [];
  const routed = template === undefined ? undefined : routedPath(template, params);
  const inStage = stagePath !== "" && isBelow(rawPath, stagePath);
  const ownName = !!mapping && (rawPath === routed || !isBelow(rawPath, mapping));
  return {
    method: http.method,
    path: routed ?? below(below(rawPath, stagePath), mapping ?? basePath),
    prefix: inStage ? stagePath : ownName ? "" : basePath,
    params,
    query: Query.parse(event.rawQueryString),
    headers: lowerCase(Object.entries(event.headers)),
    body: event.body,
    isBase64Encoded: event.isBase64Encoded,
    endpoint,
    authorizer,
    domainName: domainName ?? undefined,
    requestId: requestId ?? undefined,
  };
}

/** Joins the values of one name with commas, as an HTTP API does. */
export function lowerCase(
  headers: Iterable<readonly [name: string, value: string]>,
): Record<string, string> {
  const joined: Record<string, string> = Object.create(null);
  for (const [given, value] of headers) {
    const name = given.toLowerCase();
    const earlier = joined[name];
    joined[name] = earlier === undefined ? value : `${earlier},${value}`;
  }
  return joined;
}
