/**
 * The event of API Gateway's HTTP API, payload format 2.0: the parts that are used here,
 * validated before anything else reads them.
 *
 * Source: Amazon API Gateway developer guide, "Create AWS Lambda proxy integrations
 * for HTTP APIs".
 */
import * as z from "zod";
import { MalformedEvent } from "./refusals.ts";

/** API Gateway omits what is absent; its emulators on a developer's machine send `null`. */
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
    /** Absent for the stage `$default`. */
    stage: optionalText(),
    domainName: optionalText(),
    requestId: optionalText(),
    /** Who signed the request; `iam-identity.ts` parses it. */
    authorizer: z.unknown().optional(),
  }),
});

export type HttpEvent = z.infer<typeof httpEventSchema>;

/** Whether `event` claims to come from API Gateway, well-formed or not. */
export function looksLikeHttp(event: unknown): boolean {
  return typeof event === "object" && event !== null && Object.hasOwn(event, "requestContext");
}

/** @throws MalformedEvent, which contains no value: an event may hold credentials */
export function parseHttpEvent(event: unknown): HttpEvent {
  const parsed = httpEventSchema.safeParse(event);
  if (parsed.success) return parsed.data;
  throw new MalformedEvent(parsed.error.issues[0]?.path.slice(0, 3).join(".") || "the whole");
}
