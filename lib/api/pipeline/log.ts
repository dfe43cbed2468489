/**
 * One line of the log for each request, whatever comes of it: who asked for what,
 * and what the answer was. API Gateway's id of the request stands in its access log
 * too, and joins the two. No header, query, address or text of a body is in the
 * line, and everything that a client chose is cut to a length.
 */
import type { Request } from "@middy/core";
import { Refusal } from "../../model/refusal.ts";
import { UnexpectedFailure } from "../refusals.ts";
import { type Exchange, exchangeOf } from "./exchange.ts";
import type { Result } from "./respond.ts";

/** Names of subjects in one line; `subjects` counts them all. */
export const MAX_SUBJECTS = 25;
/** Characters of a subject, of a caller and of a project. */
export const MAX_LOGGED = 255;

/** The form of OpenStack's ids, so that no other text of a header is logged. */
const GLOBAL_REQUEST_ID = /^req-[0-9a-f-]{36}$/i;

/**
 * For middy's `requestEnd`, which is reached by early answers and refusals too. The
 * answer is made by then: a line that cannot be made does not take it away.
 */
export function logRequest(request: Request): void {
  const exchange = exchangeOf(request) as Exchange | undefined;
  exchange?.runtime.log(lineOrFailure(exchange, request));
}

function lineOrFailure(exchange: Exchange, request: Request): Readonly<Record<string, unknown>> {
  try {
    return lineOf(exchange, request);
  } catch (error) {
    const { requestId, operation } = exchange;
    const message = "a request could not be logged";
    return { level: "ERROR", message, operation: operation.id, requestId, error: String(error) };
  }
}

function lineOf(exchange: Exchange, request: Request) {
  const { operation, runtime, source, inbound, identity, services } = exchange;
  const result = request.response as Result;
  const subjects = subjectsOf(exchange, result);
  return {
    level: "INFO",
    message: "request",
    source,
    operation: operation.id,
    caller: cut(source === "direct" ? inbound?.caller : identity?.user),
    project: cut(identity?.project),
    subject: subjects.slice(0, MAX_SUBJECTS).map(cut),
    subjects: subjects.length,
    status: "statusCode" in result ? result.statusCode : (result as { status: number }).status,
    code: request.error === undefined ? null : codeOf(request.error),
    latency: runtime.clock.now() - exchange.started,
    retries: services?.store.counts.retries ?? 0,
    requestId: exchange.requestId,
    gatewayRequestId: cut(inbound?.gatewayRequestId),
    awsRequestId: exchange.awsRequestId ?? null,
    globalRequestId: globalRequestIdOf(exchange),
  };
}

function cut(text: string | undefined): string | null {
  return text?.slice(0, MAX_LOGGED) ?? null;
}

function codeOf(error: unknown): string {
  return (error instanceof Refusal ? error : new UnexpectedFailure()).code;
}

/** The path's parameters, what the body names, and what was made, each once. */
function subjectsOf({ operation, inbound, request }: Exchange, result: Result): string[] {
  const named = Object.values(inbound?.params ?? {});
  const body: unknown = request?.body;
  const inBody = body === undefined ? [] : (operation.actsOn?.(body) ?? []);
  const made = String(result.headers?.["location"] ?? "")
    .split("/")
    .at(-1);
  return [...new Set([...named, ...inBody, ...(made ? [made] : [])])];
}

/** What the caller calls its own request, across OpenStack's services. */
function globalRequestIdOf({ inbound }: Exchange): string | null {
  const given = inbound?.headers["x-openstack-request-id"] ?? "";
  return GLOBAL_REQUEST_ID.test(given) ? given : null;
}
