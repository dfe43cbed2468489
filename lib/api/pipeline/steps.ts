/** The steps before an operation runs, in the order in which Placement checks. */
import { minor, requestedVersion } from "../../model/microversion.ts";
import { accepts } from "../error-document.ts";
import { checkQuery } from "../limits.ts";
import { type AnyOperation, isRead } from "../operation.ts";
import {
  BadContentLength,
  IdentityUnavailable,
  MalformedVersion,
  MethodNotAllowed,
  MissingContentType,
  MissingIdentity,
  NotAcceptable,
  OnlyPlainText,
  PolicyForbids,
  UnknownPath,
  UnservedVersion,
  UnsupportedMediaType,
  WrongScope,
} from "../refusals.ts";
import { inboundOf, type PipelineStep, type RequestContext } from "./request-context.ts";

const JSON_TYPE = "application/json";

/** No token is needed for the root document, by any method, and the OpenAPI document. */
function isOpen({ route, rule }: AnyOperation, path: string): boolean {
  return route === "$default" ? path === "/" : rule === undefined;
}

/**
 * 401 takes precedence over routing and the version. An operation with a rule needs an
 * identity, whichever path the event names: the function that was invoked determines the
 * operation, not the path.
 */
export const identify: PipelineStep = async (context) => {
  const { operation } = context;
  const inbound = inboundOf(context);
  if (isOpen(operation, inbound.path)) return;
  if (inbound.source === "direct") {
    const roles = context.runtime.configuration.directRoles;
    context.identity = { user: "direct", project: undefined, roles, system: false };
    return;
  }
  try {
    context.identity = await context.runtime.identify(inbound);
  } catch (refusal) {
    // Its code is part of the document only at a version that has codes.
    if (refusal instanceof IdentityUnavailable) context.version = askedVersion(context).minor;
    throw refusal;
  }
  if (context.identity === undefined) throw new MissingIdentity();
};

function askedVersion(context: RequestContext) {
  const asked = requestedVersion(inboundOf(context).headers["openstack-api-version"]);
  return { minor: undefined, ...asked };
}

export const negotiateVersion: PipelineStep = (context) => {
  const asked = askedVersion(context);
  if (asked.kind === "unserved") throw new UnservedVersion(asked.text);
  if (asked.kind === "malformed") throw new MalformedVersion(asked.text);
  context.version = asked.minor;
};

/** A body needs a content type, even on an unknown path. */
export const checkLength: PipelineStep = (context) => {
  const { headers, bytes, query } = inboundOf(context);
  const length = headers["content-length"];
  if (length !== undefined && length !== "" && !/^\s*[+-]?\d+\s*$/.test(length)) {
    throw new BadContentLength();
  }
  if (bytes !== undefined && !headers["content-type"]) throw new MissingContentType();
  checkQuery(query.pairs);
};

export const checkAvailable: PipelineStep = (context) => {
  const { since, missingStatus, onlyWith } = context.operation;
  const { method, query, source } = inboundOf(context);
  if ((context.version ?? 0) < minor(since)) {
    if (missingStatus === 405) throw new MethodNotAllowed(method);
    throw new UnknownPath();
  }
  // A direct caller has named the operation: it is told which parameter is missing.
  if (onlyWith === undefined || source === "direct") return;
  if (query.all(onlyWith.parameter).length > 0) return;
  throw new MethodNotAllowed(method, onlyWith.otherwise);
};

export const checkMedia: PipelineStep = (context) => {
  const { operation } = context;
  const { source, headers } = inboundOf(context);
  if (source === "direct" || operation.route === "$default") return;
  if (operation.body !== undefined && schemaAt(operation.body, context.version ?? 0) !== null) {
    const type = headers["content-type"]?.split(";")[0]?.trim();
    if (type !== JSON_TYPE) throw new UnsupportedMediaType(type === "" ? undefined : type);
  }
  const accept = headers["accept"];
  const { mediaType = JSON_TYPE } = operation;
  if (!isRead(operation) || operation.ignoresAccept || accepts(accept, mediaType)) return;
  throw mediaType === JSON_TYPE ? new NotAcceptable(accept ?? "") : new OnlyPlainText();
};

/**
 * An operation with a rule has an identity by now; without one it is refused once more. What the
 * query asks for beside its own answer is guarded by more rules, in their order.
 */
export const permit: PipelineStep = (context) => {
  const { operation, identity, runtime } = context;
  if (operation.rule === undefined) return;
  if (identity === undefined) throw new MissingIdentity();
  const { query } = inboundOf(context);
  const target =
    operation.target === "query"
      ? { project_id: query.last()["project_id"] }
      : { project_id: identity.project, user_id: identity.user };
  for (const rule of [operation.rule, ...(operation.alsoRules?.(query) ?? [])]) {
    const verdict = runtime.policy.decide(rule, identity, target);
    if (verdict === "wrong_scope") throw new WrongScope(rule);
    if (verdict === "forbidden") throw new PolicyForbids(rule);
  }
};

/** The entry of the latest version that is not above `version`. */
export function schemaAt<T>(
  byVersion: Readonly<Record<string, T>>,
  version: number,
): T | undefined {
  let found: T | undefined;
  let best = -1;
  for (const [since, entry] of Object.entries(byVersion)) {
    const from = minor(since as `1.${number}`);
    if (from <= version && from > best) [found, best] = [entry, from];
  }
  return found;
}
