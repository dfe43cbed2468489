/** The refusals of the protocol itself, raised before or around an operation. */
import { MAX_MINOR, MIN_MINOR, versionText } from "../model/microversion.ts";
import { type ErrorCode, Refusal } from "../model/refusal.ts";

/** Whatever the version is, the answer is the same; those of routes and media types depend on it. */
const early = { vary: false } as const;

export class MissingIdentity extends Refusal {
  constructor() {
    super({ status: 401, detail: "", ...early });
  }
}

/** An event of the wrong kind for the alias that was invoked; see `invocation.ts`. */
export class WrongAlias extends Refusal {
  constructor(needed: string) {
    const detail = `This alias of the function does not take such an event: invoke the alias '${needed}'.`;
    super({ status: 400, detail, ...early });
  }
}

/**
 * No event of API Gateway's HTTP API, or one where none is expected (without a place): an
 * event may hold credentials, so none of its values is repeated.
 */
export class MalformedEvent extends Refusal {
  constructor(place?: string) {
    const detail =
      place === undefined
        ? "The event is one of API Gateway, which this function does not take."
        : `The event is not in payload format 2.0: ${place} is missing or of a wrong type.`;
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

export class UnknownPath extends Refusal {
  constructor() {
    super({ status: 404, detail: "" });
  }
}

/** `allow` is undefined where a version, not a path, lacks the method: then nothing more is said. */
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

/** More than Lambda hands to a function. */
export class BodyTooLarge extends Refusal {
  constructor(limit: number) {
    const detail = `The request is too large. A function takes at most ${limit} bytes, counted as the JSON of the whole request: the head, and the body with JSON's escapes, or in base64 if its content type is no text.`;
    super({ status: 413, detail, ...early });
  }
}

/** More than a function can return. Only reads answer that much, so nothing was written. */
export class AnswerTooLarge extends Refusal {
  /** @param gzipMayHelp whether the client does not accept what it could */
  constructor(gzipMayHelp: boolean) {
    const less = "ask for less, with a limit or a filter";
    const advice = gzipMayHelp
      ? `Please accept gzip (Accept-Encoding: gzip), or ${less}.`
      : `Please ${less}.`;
    const detail = `The answer is larger than what a function can return. ${advice}`;
    super({ status: 400, detail, code: "placement.answer_too_large" });
  }
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

/** Valid, but more than any request needs: see `limits.ts`. */
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

/** Something that we did not foresee. It is logged; the client learns nothing of it. */
export class UnexpectedFailure extends Refusal {
  constructor() {
    const detail = "An unexpected failure occurred; whether anything was written is unknown.";
    super({ status: 503, detail });
  }
}

/** The code by which the log tells what was thrown. */
export function codeOf(error: unknown): ErrorCode {
  return (error instanceof Refusal ? error : new UnexpectedFailure()).code;
}
