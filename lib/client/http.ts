/** Calls over HTTP, by `fetch`. */

import { AnswerLost } from "./errors.ts";
import { type Clock, type Fetch, platformClock, platformFetch } from "./platform.ts";
import { readBody } from "./response-body.ts";
import {
  DEFAULT_TIMEOUT,
  type Incoming,
  type Method,
  type Outgoing,
  type Transport,
  within,
} from "./transport.ts";
import { withoutTrailingSlashes } from "./url-text.ts";

/** A request as credentials see it. */
export interface HttpRequest {
  readonly method: Method;
  readonly url: URL;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface Credentials {
  /** Headers that identify the caller of one request, by name in lower case. */
  headers(request: HttpRequest): Promise<Readonly<Record<string, string>>>;
  /** Says that headers were answered 401: if it exists, the request is sent once more. */
  renew?(used: Readonly<Record<string, string>>): Promise<void>;
}

export interface HttpOptions {
  /** Of the API, with its base path: `https://cloud.example/placement`. */
  readonly url: string;
  readonly credentials: Credentials;
  /** Of one request with its answer, in milliseconds. Default: 30,000. */
  readonly timeout?: number;
  /** Of an answer, uncompressed. Default: 64 MiB. */
  readonly maxAnswerBytes?: number;
  readonly fetch?: Fetch;
  readonly clock?: Pick<Clock, "after">;
}

/** In a URL's path these are steps, or nothing: another operation would be called. */
const STEP = /^\.{0,2}$/;
const DEFAULT_ANSWER_BYTES = 64 * 2 ** 20;

export function overHttp(options: HttpOptions): Transport {
  const { clock = platformClock, timeout = DEFAULT_TIMEOUT, credentials } = options;
  const { maxAnswerBytes = DEFAULT_ANSWER_BYTES, fetch = platformFetch } = options;
  const base = new URL(options.url);
  const sendOnce = async (request: HttpRequest, signing: Readonly<Record<string, string>>) =>
    within(clock, timeout, async (signal) => {
      const { method, url, body } = request;
      const response = await fetch(url.href, {
        method,
        headers: { ...request.headers, ...signing },
        redirect: "manual",
        signal,
        ...(body === undefined ? {} : { body }),
      }).catch(lost);
      return incomingFrom(response, await readBody(response, maxAnswerBytes));
    });
  return async (outgoing) => {
    const request = httpRequest(base, outgoing);
    const signing = await credentials.headers(request);
    const first = await sendOnce(request, signing);
    if (first.status !== 401 || credentials.renew === undefined) return first;
    await credentials.renew(signing);
    return sendOnce(request, await credentials.headers(request));
  };
}

function httpRequest(base: URL, outgoing: Outgoing): HttpRequest {
  const { method, version, body, idempotencyKey, lease, life, requestId } = outgoing;
  return {
    method,
    url: urlOf(base, outgoing),
    headers: {
      // Metrics alone are text.
      accept: "application/json, text/plain;q=0.1",
      "openstack-api-version": `placement ${version}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
      ...(lease === undefined ? {} : { "placement-lease": String(lease) }),
      ...(life === undefined ? {} : { "placement-consumer-life": life }),
      ...(requestId === undefined ? {} : { "x-openstack-request-id": requestId }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  };
}

/** What the path does not name goes into the query. */
function urlOf(base: URL, { path, parameters }: Outgoing): URL {
  const rest = new Map(Object.entries(parameters));
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest.get(name);
    rest.delete(name);
    if (typeof value !== "string") throw new TypeError(`the parameter ${name} is missing`);
    if (STEP.test(value)) throw new TypeError(`the parameter ${name} cannot be '${value}'`);
    return encodeURIComponent(value);
  });
  const url = new URL(base);
  url.pathname = `${withoutTrailingSlashes(base.pathname)}${filled}`;
  for (const [name, value] of rest) {
    for (const each of typeof value === "string" ? [value] : value) {
      url.searchParams.append(name, each);
    }
  }
  return url;
}

function incomingFrom({ status, headers }: Response, body: unknown): Incoming {
  return { status, headers: Object.fromEntries(headers), body };
}

/** `fetch` fails only where no answer came. */
function lost(cause: unknown): never {
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw new AnswerLost(`no answer: ${reason}`, { cause });
}
