/**
 * One log line for each request, successful or not: who asked for what, and what the
 * answer was. API Gateway's id of the request is in its access log too, and joins the two.
 * The line contains no header, query, address or text of a body, and everything that a
 * client chose is shortened.
 */
import { parseUuid } from "../../model/uuid.ts";
import { REPLAYED_HEADER } from "../idempotency.ts";
import { cut, linesOf } from "../logged-names.ts";
import { measuredRequest } from "../metrics/measured.ts";
import { codeOf } from "../refusals.ts";
import type { Log } from "../runtime.ts";
import type { MiddyRequest, RequestContext } from "./request-context.ts";
import { type Result, statusOf } from "./result.ts";

/**
 * Names in the line of a refused request, which changed nothing; for others as many as fit into
 * a line. `subjects` counts all of them.
 */
export const MAX_SUBJECTS = 25;

export { MAX_LOGGED } from "../logged-names.ts";

/** Its value is logged in the form in which it is compared, not as it was spelt. */
const UUID_PARAMETER = /(^|_)uuid$/;

/** The form of OpenStack's request ids: no other text of a header is logged. */
const GLOBAL_REQUEST_ID = /^req-[0-9a-f-]{36}$/i;

/**
 * For middy's `requestEnd`, which runs after early answers and refusals too. The answer
 * exists by then: a failure to log must not replace it.
 */
export function logRequest(invocation: MiddyRequest): void {
  const { requestContext: context } = invocation.context;
  context?.runtime.log(lineOrFailure(context, invocation));
}

function lineOrFailure(context: RequestContext, invocation: MiddyRequest): Parameters<Log>[0] {
  try {
    return lineOf(context, invocation);
  } catch (error) {
    const { requestId, operation } = context;
    const message = "a request could not be logged";
    return { level: "ERROR", message, operation: operation.id, requestId, error: String(error) };
  }
}

function lineOf(context: RequestContext, { response: result, error }: MiddyRequest) {
  const { operation, runtime, source, inbound, identity, store } = context;
  if (!result) throw new Error("the pipeline has no result");
  const status = statusOf(result);
  const subjects = subjectsOf(context, result);
  const latency = runtime.clock.now() - context.started;
  const meter = store?.meter;
  return {
    level: "INFO",
    message: "request",
    source,
    operation: operation.id,
    caller: cut(source === "direct" ? inbound?.caller : identity?.user),
    project: cut(identity?.project),
    kind: identity?.kind ?? null,
    subject: linesOf(isRefused(status) ? subjects.slice(0, MAX_SUBJECTS) : subjects)[0] ?? [],
    subjects: subjects.length,
    status,
    ...(result.headers?.[REPLAYED_HEADER] === undefined ? {} : { replayed: true }),
    code: error ? codeOf(error) : null,
    latency,
    retries: meter?.retries ?? 0,
    requestId: context.requestId,
    gatewayRequestId: cut(inbound?.gatewayRequestId),
    awsRequestId: context.awsRequestId ?? null,
    globalRequestId: globalRequestIdOf(context),
    metrics: measuredRequest({ status: status ?? 500, latency, error, meter }),
  };
}

/** 4xx: nothing was written. After a 5xx that may be unknown. */
function isRefused(status = 500): boolean {
  return status >= 400 && status < 500;
}

/**
 * The parameters of the operation's path, the names in the body, and what was created, each once.
 * Other parameters of an event, such as the rest of an unknown path, are no subjects.
 */
function subjectsOf({ operation, inbound, request }: RequestContext, result: Result): string[] {
  const named = Object.keys(operation.params ?? {}).flatMap((name) => {
    const given = inbound?.params[name];
    if (given === undefined) return [];
    return [(UUID_PARAMETER.test(name) && parseUuid(given)) || given];
  });
  const body: unknown = request?.body;
  const inBody = body === undefined ? [] : (operation.actsOn?.(body) ?? []);
  const made = String(result.headers?.["location"] ?? "")
    .split("/")
    .at(-1);
  return [...new Set([...named, ...inBody, ...(made ? [made] : [])])];
}

/** The id that the caller gives its own request across OpenStack services. */
function globalRequestIdOf({ inbound }: RequestContext): string | null {
  const given = inbound?.headers["x-openstack-request-id"] ?? "";
  return GLOBAL_REQUEST_ID.test(given) ? given : null;
}
