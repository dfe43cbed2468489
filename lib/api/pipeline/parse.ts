/** Parsing: path parameters, then query and body by the schemas of the request's version. */
import { checkQuerySchema } from "../checked-query.ts";
import type { Inbound } from "../inbound.ts";
import { inspect } from "../json-inspection.ts";
import { leaseRequestOf } from "../lease-headers.ts";
import { checkText } from "../limits.ts";
import type { OperationRequest } from "../operation.ts";
import { parseParams } from "../path-parameters.ts";
import type { Target } from "../policy/check.ts";
import { BodyBeyondLimit, InvalidBody, MalformedJson } from "../refusals.ts";
import { validationMessage } from "../validation-message.ts";
import { inboundOf, type RequestContext } from "./request-context.ts";
import { schemaAt } from "./steps.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const NOT_UTF8 = "the body is not UTF-8";

/** What replaces invalid bytes where a gateway passes a body on as text. */
const REPLACEMENT = Buffer.from("\ufffd");

export function requestOf(context: RequestContext): OperationRequest<undefined> {
  const { method, path, params, query } = inboundOf(context);
  return {
    version: context.version ?? 0,
    method,
    path,
    params: parseParams(params, context.operation.params),
    query,
    identity: context.identity,
    body: undefined,
    permits: permitting(context),
    ...leaseRequestOf(context),
  };
}

function permitting({ operation: { rule }, identity, runtime }: RequestContext) {
  return (target: Target): boolean => {
    if (rule === undefined) return true;
    return identity !== undefined && runtime.policy.decide(rule, identity, target) === "permitted";
  };
}

/**
 * The body in the form of the operation's schema.
 * @throws MalformedJson, BodyBeyondLimit, InvalidBody, InvalidQuery
 */
export function parseInput(context: RequestContext): unknown {
  const { operation, version = 0 } = context;
  const inbound = inboundOf(context);
  if (operation.query !== undefined) checkQuerySchema(operation.query, inbound.query, version);
  const bodySchema = operation.body && schemaAt(operation.body, version);
  if (!bodySchema) return undefined;
  const value = jsonOf(inbound);
  const parsed = bodySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidBody(validationMessage(bodySchema, value, parsed.error));
}

/**
 * The body as a value; a direct caller's was inspected together with its event.
 * @throws MalformedJson, BodyBeyondLimit, InvalidBody
 */
function jsonOf(inbound: Inbound): unknown {
  const value = inbound.source === "direct" ? (inbound.value ?? null) : parseJson(inbound);
  const { beyond, unsound } = inbound.inspection ?? inspect(value);
  if (beyond !== undefined) throw new BodyBeyondLimit(beyond);
  if (unsound !== undefined) throw new InvalidBody(unsound);
  return value;
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

/** Each invalid byte has become three, so that the length differs from the declared one. */
function wasAltered({ bytes = new Uint8Array(), headers }: Inbound): boolean {
  const declared = Number(headers["content-length"] ?? bytes.length);
  return declared !== bytes.length && Buffer.from(bytes).includes(REPLACEMENT);
}
