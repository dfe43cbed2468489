/** The refusals of the protocol itself, raised before or around an operation. */
import { MAX_MINOR, MIN_MINOR, versionText } from "../model/microversion.ts";
import { type ErrorCode, Refusal } from "../model/refusal.ts";

/** Refusals that do not depend on the version, unlike those of routes and media types. */
const early = { vary: false } as const;

export class MissingIdentity extends Refusal {
  constructor() {
    super({ status: 401, detail: "", ...early });
  }
}

/** An event of the wrong kind for the invoked alias; see `invocation.ts`. */
export class WrongAlias extends Refusal {
  constructor(needed: string) {
    const detail = `This alias of the function does not take such an event: invoke the alias '${needed}'.`;
    super({ status: 400, detail, ...early });
  }
}

/** Nobody could tell whether the caller's token is valid. Nothing was done. */
export class IdentityUnavailable extends Refusal {
  constructor() {
    super({
      status: 503,
      detail: "The identity service does not answer, so the token could not be validated.",
      code: "placement.identity_unavailable",
      retryAfter: 5,
      ...early,
    });
  }
}

/**
 * The event is not one of API Gateway, or is one where none is expected (without
 * `place`). It may hold credentials, so the message contains none of its values.
 */
export class MalformedEvent extends Refusal {
  constructor(place?: string, format = "2.0") {
    const detail =
      place === undefined
        ? "The event is one of API Gateway, which this function does not take."
        : `The event is not in payload format ${format}: ${place} is missing or of a wrong type.`;
    super({ status: 400, detail, ...early });
  }
}

/** A version that is not served; the document names the range that is. */
export class UnservedVersion extends Refusal {
  readonly range = { min_version: versionText(MIN_MINOR), max_version: versionText(MAX_MINOR) };
  constructor(text: string) {
    super({ status: 406, detail: `Unacceptable version header: ${text}`, ...early });
  }
}

export class MalformedVersion extends Refusal {
  constructor(text: string) {
    super({ status: 400, detail: `invalid version string: ${text}`, ...early });
  }
}

export class BadContentLength extends Refusal {
  constructor() {
    super({ status: 400, detail: "content-length header must be an integer", ...early });
  }
}

export class MissingContentType extends Refusal {
  constructor() {
    const detail = "content-type header required when content-length > 0";
    super({ status: 400, detail, ...early });
  }
}

export class UnsupportedMediaType extends Refusal {
  readonly given: string;
  constructor(given: string | undefined) {
    const detail = `The media type ${given ?? "None"} is not supported, use application/json`;
    super({ status: 415, detail });
    this.given = given ?? "None";
  }
}

export class NotAcceptable extends Refusal {
  readonly accept: string;
  constructor(accept: string) {
    super({ status: 406, detail: "Only application/json is provided" });
    this.accept = accept;
  }
}

/** Of operations that answer text. */
export class OnlyPlainText extends Refusal {
  constructor() {
    super({ status: 406, detail: "Only text/plain is provided" });
  }
}

export class UnknownPath extends Refusal {
  constructor() {
    super({ status: 404, detail: "" });
  }
}

/** Without `allow`, the version lacks the method rather than the path; then there is no message. */
export class MethodNotAllowed extends Refusal {
  readonly method: string;
  readonly allow: readonly string[] | undefined;
  constructor(method: string, allow?: readonly string[]) {
    const detail =
      allow === undefined ? "" : "The method specified is not allowed for this resource.";
    super({ status: 405, detail });
    this.method = method;
    this.allow = allow;
  }
}

export class PolicyForbids extends Refusal {
  constructor(rule: string) {
    super({ status: 403, detail: `Policy does not allow ${rule} to be performed.`, ...early });
  }
}

export class WrongScope extends Refusal {
  constructor(rule: string) {
    super({ status: 403, detail: rule, ...early });
  }
}

/** Larger than what Lambda passes to a function. */
export class BodyTooLarge extends Refusal {
  constructor(limit: number) {
    const detail = `The request is too large. A function takes at most ${limit} bytes, counted as the JSON of the whole request: the head, and the body with JSON's escapes, or in base64 if its content type is no text.`;
    super({ status: 413, detail, ...early });
  }
}

export const ANSWER_TOO_LARGE = "placement.answer_too_large";

/** Larger than what a function can return. Only reads have such answers, so nothing was written. */
export class AnswerTooLarge extends Refusal {
  /** @param gzipMayHelp whether the client does not accept gzip yet */
  constructor(gzipMayHelp: boolean) {
    const less = "ask for less, with a limit or a filter";
    super({ status: 400, detail: tooLargeDetail(gzipMayHelp, less), code: ANSWER_TOO_LARGE });
  }
}

/** The same of an answer that can be had in parts. */
export class AnswerNeedsParts extends Refusal {
  /** @param parts in which each part probably fits */
  constructor(gzipMayHelp: boolean, parts: number) {
    const less = `ask for it in ${parts} parts, from part=1/${parts} to part=${parts}/${parts}`;
    super({ status: 400, detail: tooLargeDetail(gzipMayHelp, less), code: ANSWER_TOO_LARGE });
  }
}

/** @param less how to ask for less */
function tooLargeDetail(gzipMayHelp: boolean, less: string): string {
  const advice = gzipMayHelp
    ? `Please accept gzip (Accept-Encoding: gzip), or ${less}.`
    : `Please ${less}.`;
  return `The answer is larger than what a function can return. ${advice}`;
}

export class MalformedJson extends Refusal {
  constructor(reason: string) {
    super({ status: 400, detail: `Malformed JSON: ${reason}` });
  }
}

export class InvalidBody extends Refusal {
  constructor(words: string) {
    super({ status: 400, detail: `JSON does not validate: ${words}` });
  }
}

export class InvalidQuery extends Refusal {
  constructor(words: string) {
    super({ status: 400, detail: `Invalid query string parameters: ${words}` });
  }
}

/** Valid JSON, but beyond a limit that no useful request reaches: see `limits.ts`. */
export class BodyBeyondLimit extends Refusal {
  constructor(limit: string) {
    super({ status: 400, detail: `A body may have ${limit}.` });
  }
}

export class QueryBeyondLimit extends Refusal {
  constructor(limit: string) {
    super({ status: 400, detail: `A query may have ${limit}.`, ...early });
  }
}

/** An unexpected error. It is logged; the client gets no details. */
export class UnexpectedFailure extends Refusal {
  constructor() {
    const detail = "An unexpected failure occurred; whether anything was written is unknown.";
    super({ status: 503, detail });
  }
}

/** The code of what was thrown, for the log. */
export function codeOf(error: unknown): ErrorCode {
  return (error instanceof Refusal ? error : new UnexpectedFailure()).code;
}
