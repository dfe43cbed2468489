/**
 * One line of the log for each request, whatever comes of it: who asked for what,
 * and what the answer was. API Gateway's id of the request stands in its access log
 * too, and joins the two. No header, query, address or text of a body is in the
 * line, and everything that a client chose is cut to a length.
 */
import type { Request } from "@middy/core";
import { parseUuid } from "../../model/uuid.ts";
import { REPLAYED_HEADER } from "../idempotency.ts";
import { cut, linesOf } from "../logged-names.ts";
import { pathOf } from "../operation.ts";
import { codeOf } from "../refusals.ts";
import type { Result } from "./finish.ts";
import { exchangeOf, type RequestContext } from "./request-context.ts";

/**
 * Names in the line of a request that was refused, which changed nothing; of others as many as
 * a line takes. `subjects` counts them all.
 */
export const MAX_SUBJECTS = 25;

export { MAX_LOGGED } from "../logged-names.ts";

const PARAMETER = /\{(\w+)\}/g;
/** Its value is logged in the form in which it is compared, whatever the spelling. */
const UUID_PARAMETER = /(^|_)uuid$/;

/** The form of OpenStack's ids, so that no other text of a header is logged. */
const GLOBAL_REQUEST_ID = /^req-[0-9a-f-]{36}$/i;

/**
 * For middy's `requestEnd`, which is reached by early answers and refusals too. The
 * answer is made by then: a line that cannot be made does not take it away.
 */
export function logRequest(request: Request): void {
  const context = exchangeOf(request) as RequestContext | undefined;
  context?.runtime.log(lineOrFailure(context, request));
}

function lineOrFailure(
  context: RequestContext,
  request: Request,
): Readonly<Record<string, unknown>> {
  try {
    return lineOf(context, request);
  } catch (error) {
    const { requestId, operation } = context;
    const message = "a request could not be logged";
    return { level: "ERROR", message, operation: operation.id, requestId, error: String(error) };
  }
}

function lineOf(context: RequestContext, request: Request) {
  const { operation, runtime, source, inbound, identity, services } = context;
  const result = request.response as Result;
  const status = "statusCode" in result ? result.statusCode : (result as { status: number }).status;
  const subjects = subjectsOf(context, result);
  return {
    level: "INFO",
    message: "request",
    source,
    operation: operation.id,
    caller: cut(source === "direct" ? inbound?.caller : identity?.user),
    project: cut(identity?.project),
    subject: linesOf(isRefused(status) ? subjects.slice(0, MAX_SUBJECTS) : subjects)[0] ?? [],
    subjects: subjects.length,
    status,
    ...(result.headers?.[REPLAYED_HEADER] === undefined ? {} : { replayed: true }),
    code: request.error === undefined ? null : codeOf(request.error),
    latency: runtime.clock.now() - context.started,
    retries: services?.store.counts.retries ?? 0,
    requestId: context.requestId,
    gatewayRequestId: cut(inbound?.gatewayRequestId),
    awsRequestId: context.awsRequestId ?? null,
    globalRequestId: globalRequestIdOf(context),
  };
}

/** After a failure of ours (5xx) it may be unknown what was written. */
function isRefused(status = 500): boolean {
  return status >= 400 && status < 500;
}

/**
 * The parameters of the operation's path, what the body names, and what was made, each once.
 * What else an event calls a parameter, such as the rest of an unknown path, is no subject.
 */
function subjectsOf({ operation, inbound, request }: RequestContext, result: Result): string[] {
  const named = [...pathOf(operation).matchAll(PARAMETER)].flatMap(([, name = ""]) => {
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

/** What the caller calls its own request, across OpenStack's services. */
function globalRequestIdOf({ inbound }: RequestContext): string | null {
  const given = inbound?.headers["x-openstack-request-id"] ?? "";
  return GLOBAL_REQUEST_ID.test(given) ? given : null;
}
