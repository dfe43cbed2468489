/** What a call throws. */
import type { RefusalCodes } from "./generated/operations.ts";
import { CODES } from "./generated/routes.ts";
import type { Incoming } from "./transport.ts";

export type RefusalCode = keyof RefusalCodes;

/** Characters of a text that is no error document, in a message. */
const SHOWN = 500;

/**
 * The service refused the request, and nothing was written. Codes exist since microversion
 * 1.23; before, and where a refusal has no code of its own, it is `placement.undefined_code`.
 */
export class PlacementRefusal<Code extends RefusalCode = RefusalCode> extends Error {
  readonly code: Code;
  readonly status: RefusalCodes[Code];
  readonly detail: string;
  /** For the log of the service. */
  readonly requestId: string | undefined;
  /** Seconds, from the header `Retry-After`. */
  readonly retryAfter: number | undefined;
  /** By alternative, of `claims/create` with `explain`. */
  readonly explanations: readonly unknown[] | undefined;

  constructor(parts: {
    readonly code: Code;
    readonly status: RefusalCodes[Code];
    readonly detail: string;
    readonly requestId?: string | undefined;
    readonly retryAfter?: number | undefined;
    readonly explanations?: readonly unknown[] | undefined;
  }) {
    super(`${parts.status} ${parts.code}: ${parts.detail}`);
    this.name = "PlacementRefusal";
    this.code = parts.code;
    this.status = parts.status;
    this.detail = parts.detail;
    this.requestId = parts.requestId;
    this.retryAfter = parts.retryAfter;
    this.explanations = parts.explanations;
  }
}

type ByCode = { readonly [Code in RefusalCode]: PlacementRefusal<Code> };

/** Any refusal, a union that `code` discriminates. */
export type Refusal = ByCode[RefusalCode];

/** Whether an error is a refusal; with `codes`, one of these. */
export function isRefusal<Code extends RefusalCode = RefusalCode>(
  error: unknown,
  ...codes: readonly Code[]
): error is ByCode[Code] {
  if (!(error instanceof PlacementRefusal)) return false;
  const listed: readonly string[] = codes;
  return listed.length === 0 || listed.includes(error.code);
}

/** No answer came, or none from the service: whether a write was applied is unknown. */
export class AnswerLost extends Error {
  /** Under it the same call may be sent again. */
  readonly idempotencyKey: string | undefined;

  constructor(
    reason: string,
    parts: { idempotencyKey?: string | undefined; cause?: unknown } = {},
  ) {
    super(reason, parts.cause === undefined ? {} : { cause: parts.cause });
    this.name = "AnswerLost";
    this.idempotencyKey = parts.idempotencyKey;
  }
}

/** An answer that the service does not give: too long, or not in its form. */
export class UnexpectedAnswer extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "UnexpectedAnswer";
  }
}

/** The refusal that an answer of 400 or above states. */
export function refusalFrom({ status, headers, body }: Incoming): PlacementRefusal {
  const [first] = listOf(body, "errors");
  const given = textOf(first, "code");
  return new PlacementRefusal({
    code: CODES.find((code) => code === given) ?? "placement.undefined_code",
    status,
    detail: (textOf(first, "detail") ?? textOf(body, "message") ?? shortened(body)).trim(),
    requestId: textOf(first, "request_id") ?? headers["x-openstack-request-id"],
    retryAfter: retryAfterOf(headers["retry-after"]),
    explanations: optionalListOf(first, "explanations"),
  });
}

/** Whether the answer comes from the service itself and not from what stands before it. */
export function isErrorDocument(body: unknown): boolean {
  return listOf(body, "errors").length > 0;
}

function retryAfterOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}

function shortened(body: unknown): string {
  if (body === undefined) return "";
  return (typeof body === "string" ? body : JSON.stringify(body)).slice(0, SHOWN);
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

function textOf(value: unknown, name: string): string | undefined {
  const member = memberOf(value, name);
  return typeof member === "string" ? member : undefined;
}

function listOf(value: unknown, name: string): readonly unknown[] {
  return optionalListOf(value, name) ?? [];
}

function optionalListOf(value: unknown, name: string): readonly unknown[] | undefined {
  const member = memberOf(value, name);
  return Array.isArray(member) ? member : undefined;
}
