/** Body and query: JSON, then the schema of the request's version. */
import type * as z from "zod";
import type { Inbound } from "../inbound.ts";
import { checkText, checkValue } from "../limits.ts";
import type { OperationRequest } from "../operation.ts";
import { InvalidBody, InvalidQuery, MalformedJson } from "../refusals.ts";
import { unsoundMessage } from "../sound-json.ts";
import { validationMessage } from "../validation-message.ts";
import { inboundOf, type RequestContext } from "./request-context.ts";
import { schemaAt } from "./steps.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const NOT_UTF8 = "the body is not UTF-8";

/** What a gateway that passes a body on as text puts in the place of bytes that are none. */
const REPLACEMENT = Buffer.from("\ufffd");

export function requestOf(context: RequestContext): OperationRequest<undefined> {
  const { method, path, params, query, origin } = inboundOf(context);
  return {
    version: context.version ?? 0,
    method,
    path,
    params,
    query,
    origin,
    identity: context.identity,
    body: undefined,
  };
}

/**
 * The body in the form of the operation's schema.
 * @throws MalformedJson, BodyBeyondLimit, InvalidBody, InvalidQuery
 */
export function parseInput(context: RequestContext): unknown {
  const { operation, version = 0 } = context;
  const inbound = inboundOf(context);
  const querySchema = operation.query && schemaAt(operation.query, version);
  if (querySchema) {
    check(querySchema, inbound.query.last(), (message) => new InvalidQuery(message));
  }
  const bodySchema = operation.body && schemaAt(operation.body, version);
  if (!bodySchema) return undefined;
  const value = inbound.source === "direct" ? (inbound.value ?? null) : parseJson(inbound);
  checkValue(value);
  return check(bodySchema, value, (message) => new InvalidBody(message));
}

function parseJson(inbound: Inbound): unknown {
  if (wasAltered(inbound)) throw new MalformedJson(NOT_UTF8);
  let text: string;
  try {
    text = utf8.decode(inbound.bytes ?? new Uint8Array());
  } catch {
    throw new MalformedJson(NOT_UTF8);
  }
  if (text === "") throw new MalformedJson("Expecting value: line 1 column 1 (char 0)");
  checkText(text);
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new MalformedJson(error.message);
    throw error;
  }
}

/** Each byte that is no text has become three, so that the length is no longer the one declared. */
function wasAltered({ bytes = new Uint8Array(), headers }: Inbound): boolean {
  const declared = Number(headers["content-length"] ?? bytes.length);
  return declared !== bytes.length && Buffer.from(bytes).includes(REPLACEMENT);
}

function check<T>(schema: z.ZodType<T>, value: unknown, refuse: (message: string) => Error): T {
  const unsound = unsoundMessage(value);
  if (unsound !== undefined) throw refuse(unsound);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw refuse(validationMessage(schema, value, parsed.error));
}
