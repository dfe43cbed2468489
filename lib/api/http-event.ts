/**
 * What API Gateway's HTTP API hands to a function, payload format 2.0: the parts
 * that are read here, checked before anything is made of them.
 *
 * Source: Amazon API Gateway developer guide, "Create AWS Lambda proxy integrations
 * for HTTP APIs".
 */
import * as z from "zod";
import { MalformedEvent } from "./refusals.ts";

/** API Gateway leaves out what is absent; emulators of it on a developer's machine send `null`. */
const optionalText = () => z.string().nullish();
const texts = () =>
  z
    .record(z.string(), z.string())
    .nullish()
    .transform((given) => given ?? {});

const httpEventSchema = z.object({
  rawPath: z.string(),
  rawQueryString: optionalText().transform((given) => given ?? ""),
  headers: texts(),
  pathParameters: texts(),
  body: optionalText(),
  isBase64Encoded: z.boolean().default(false),
  requestContext: z.object({
    http: z.object({ method: z.string() }),
    /** None is the stage `$default`. */
    stage: optionalText(),
    domainName: optionalText(),
    requestId: optionalText(),
    /** Who signed; what it has to be is for the identity to say. */
    authorizer: z.unknown().optional(),
  }),
});

export type HttpEvent = z.infer<typeof httpEventSchema>;

/** Whether `event` pretends to come from API Gateway, well-formed or not. */
export function looksLikeHttp(event: unknown): boolean {
  return typeof event === "object" && event !== null && Object.hasOwn(event, "requestContext");
}

/** @throws MalformedEvent, which repeats no value: an event may hold credentials */
export function parseHttpEvent(event: unknown): HttpEvent {
  const parsed = httpEventSchema.safeParse(event);
  if (parsed.success) return parsed.data;
  throw new MalformedEvent(parsed.error.issues[0]?.path.slice(0, 3).join(".") || "the whole");
}
