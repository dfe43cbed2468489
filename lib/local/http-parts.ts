/** The parts of an HTTP request, each as API Gateway passes it on. */

import { isUtf8 } from "node:buffer";

/** They concern one connection, and end at the gateway. */
const HOP_BY_HOP = new Set([
  "connection",
  "expect",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Bodies of all other types arrive in base64, those of HTML forms and what is no text too. */
const TEXTUAL = /^(text\/.*|application\/(json|javascript|xml|.*\+json|.*\+xml))$/;

/** What an event is made from, so that it can be made without a connection. */
export interface HttpRequest {
  readonly method: string;
  /** The request target as it was sent. */
  readonly target: string;
  readonly httpVersion: string;
  /** Names and values in turns, as `IncomingMessage.rawHeaders`. */
  readonly rawHeaders: readonly string[];
  readonly sourceIp: string;
  readonly localPort: number;
  readonly body: Uint8Array;
}

const ABSOLUTE = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i;

/** A request target in parts: the host that one in absolute form names, and the target in origin form. */
export function splitAbsolute(target: string): { authority: string | undefined; origin: string } {
  if (target.startsWith("/")) return { authority: undefined, origin: target };
  const [whole = "", authority] = ABSOLUTE.exec(target) ?? [];
  return { authority, origin: target.slice(whole.length) };
}

/** Path (decoded) and query (as sent) of a request target in origin or absolute form. */
export function splitTarget(target: string): [path: string, query: string] {
  const { origin } = splitAbsolute(target);
  const mark = origin.indexOf("?");
  const path = mark === -1 ? origin : origin.slice(0, mark);
  return [path === "" ? "/" : decoded(path), mark === -1 ? "" : origin.slice(mark + 1)];
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

export function queryOf(query: string): Record<string, string> | undefined {
  if (query === "") return undefined;
  const joined = joinRepeats(new URLSearchParams(query));
  return Object.keys(joined).length === 0 ? undefined : joined;
}

export function headersOf(request: HttpRequest, scheme: "http" | "https" = "http") {
  const pairs: [string, string][] = [];
  const cookies: string[] = [];
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const name = (request.rawHeaders[index] ?? "").toLowerCase();
    const value = request.rawHeaders[index + 1] ?? "";
    if (name === "cookie") {
      cookies.push(...value.split(";").map((cookie) => cookie.trim()));
    } else if (!HOP_BY_HOP.has(name)) {
      pairs.push([name, value]);
    }
  }
  const headers = joinRepeats(pairs);
  headers["host"] ??= `127.0.0.1:${request.localPort}`;
  if (request.body.length > 0) headers["content-length"] ??= String(request.body.length);
  const forwarded = headers["x-forwarded-for"];
  headers["x-forwarded-for"] =
    forwarded === undefined ? request.sourceIp : `${forwarded}, ${request.sourceIp}`;
  headers["x-forwarded-port"] = String(request.localPort);
  headers["x-forwarded-proto"] = scheme;
  return { headers, cookies: cookies.filter((cookie) => cookie !== "") };
}

/** A null prototype: a client may send a header or a key named `__proto__`. */
function joinRepeats(pairs: Iterable<readonly [string, string]>): Record<string, string> {
  const joined: Record<string, string> = Object.create(null);
  for (const [name, value] of pairs) {
    const earlier = joined[name];
    joined[name] = earlier === undefined ? value : `${earlier},${value}`;
  }
  return joined;
}

export function bodyOf(body: Uint8Array, contentType: string | undefined) {
  if (body.length === 0) return { isBase64Encoded: false };
  const type = (contentType ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return TEXTUAL.test(type) && isUtf8(bytes)
    ? { body: bytes.toString("utf8"), isBase64Encoded: false }
    : { body: bytes.toString("base64"), isBase64Encoded: true };
}
