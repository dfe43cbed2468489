/**
 * Error documents. A `detail` starts with a fixed sentence for its status, followed by
 * two line breaks, a space and the message. In the message, line breaks become spaces
 * and markup is removed.
 *
 * Source: Placement API reference, "Errors".
 */
import Negotiator from "negotiator";
import { type Minor, minor } from "../model/microversion.ts";
import type { Refusal } from "../model/refusal.ts";
import { NoCandidateLeft } from "../model/refusals/claims.ts";
import {
  MalformedVersion,
  MethodNotAllowed,
  NotAcceptable,
  UnservedVersion,
  UnsupportedMediaType,
} from "./refusals.ts";

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  408: "Request Timeout",
  409: "Conflict",
  410: "Gone",
  413: "Request Entity Too Large",
  415: "Unsupported Media Type",
  421: "Misdirected Request",
  422: "Unprocessable Entity",
  431: "Request Header Fields Too Large",
  503: "Service Unavailable",
};

const SENTENCES: Readonly<Record<number, string>> = {
  400: "The server could not comply with the request since it is either malformed or otherwise incorrect.",
  401: "This server could not verify that you are authorized to access the document you requested.  Either you supplied the wrong credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.",
  403: "Access was denied to this resource.",
  404: "The resource could not be found.",
  408: "The server has waited too long for the request.",
  409: "There was a conflict when trying to complete your request.",
  410: "The resource is no longer available.",
  413: "The body of your request was too large for this server.",
  421: "The request is not meant for this server.",
  422: "Unable to process the contained instructions.",
  431: "The head of your request was too large for this server.",
  503: "The server is currently unavailable. Please try again at a later time.",
};

export interface ErrorDocument {
  readonly contentType: string;
  readonly body: string;
}

interface Context {
  readonly requestId: string;
  readonly accept: string | undefined;
  /** Undefined until the version is negotiated. */
  readonly version: Minor | undefined;
  /** Characters of the message at most; a longer one ends with how many were left out. */
  readonly maxLength?: number;
}

/** `refusal` in the media type that the client accepts: JSON, HTML or plain text. */
export function errorDocument(refusal: Refusal, context: Context): ErrorDocument {
  const title = TITLES[refusal.status] ?? "Error";
  const status = `${refusal.status} ${title}`;
  const detail = detailOf(refusal, context);
  switch (form(context.accept)) {
    case "json":
      return {
        contentType: "application/json",
        body: JSON.stringify(jsonDocument(refusal, title, detail, context)),
      };
    case "html": {
      const text = escapeHtml(detail).replaceAll("\n", "<br />\n");
      return {
        contentType: "text/html; charset=UTF-8",
        body: `<html>\n <head>\n  <title>${status}</title>\n </head>\n <body>\n  <h1>${status}</h1>\n  ${text}\n </body>\n</html>`,
      };
    }
    case "plain":
      return { contentType: "text/plain; charset=UTF-8", body: `${status}\n\n${detail}` };
  }
}

function jsonDocument(refusal: Refusal, title: string, detail: string, context: Context): unknown {
  if (refusal.status === 401) return { message: detail, code: `401 ${title}`, title };
  const versioned = refusal instanceof UnservedVersion || refusal instanceof MalformedVersion;
  const withCode = !versioned && context.version !== undefined && context.version >= minor("1.23");
  const error = {
    status: refusal.status,
    title,
    detail,
    request_id: context.requestId,
    ...(withCode ? { code: refusal.code } : {}),
    ...(refusal instanceof UnservedVersion ? refusal.range : {}),
    ...explanationsOf(refusal, context),
  };
  return { errors: [error] };
}

/** Left out where the document has to be short. */
function explanationsOf(refusal: Refusal, { maxLength }: Context) {
  if (!(refusal instanceof NoCandidateLeft) || maxLength !== undefined) return {};
  const { explanations } = refusal;
  return explanations === undefined ? {} : { explanations };
}

function detailOf(refusal: Refusal, { accept, maxLength }: Context): string {
  const message = plain(shortened(refusal.message, maxLength));
  if (refusal instanceof MethodNotAllowed) {
    return `The method ${plain(refusal.method)} is not allowed for this resource. \n\n ${message}`;
  }
  if (refusal instanceof UnsupportedMediaType) {
    const given = plain(refusal.given);
    return `The request media type ${given} is not supported by this server. \n\n ${message}`;
  }
  if (refusal.status === 406) {
    const asked = plain(refusal instanceof NotAcceptable ? refusal.accept : (accept ?? "*/*"));
    return `The resource could not be generated that was acceptable to your browser (content of type ${asked}. \n\n ${message}`;
  }
  return `${SENTENCES[refusal.status] ?? ""}\n\n ${message}  `;
}

function shortened(text: string, maxLength = Number.POSITIVE_INFINITY): string {
  if (text.length <= maxLength) return text;
  return `${text.slice(0, maxLength)}... (${text.length - maxLength} more characters)`;
}

function plain(text: string): string {
  return text
    .replaceAll("\r", "")
    .replaceAll("\n", " ")
    .replace(/<[^<>]{0,1000}>/g, "");
}

function form(accept: string | undefined): "json" | "html" | "plain" {
  if (accept === undefined || accept === "" || accept === "*/*") return "json";
  const negotiator = new Negotiator({ headers: { accept } });
  switch (negotiator.mediaType(["text/html", "application/json"])) {
    case "text/html":
      return "html";
    case "application/json":
      return "json";
    default:
      return "plain";
  }
}

/** Whether the client accepts `type`. */
export function accepts(accept: string | undefined, type: string): boolean {
  if (accept === undefined || accept === "") return true;
  return new Negotiator({ headers: { accept } }).mediaType([type]) !== undefined;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
