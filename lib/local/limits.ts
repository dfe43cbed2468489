/** The limits of the server: those of API Gateway, and its own time limits. */
import type { IncomingMessage } from "node:http";
import { LIMITS } from "../api/limits.ts";
import { BodyTooLarge } from "../api/refusals.ts";

/** Sizes in bytes, times in milliseconds. */
export interface Limits {
  /** Request line and headers together. */
  readonly headerBytes: number;
  /** The maximum of any body, independent of the event around it. */
  readonly bodyBytes: number;
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  readonly keepAliveTimeout: number;
  /** How long a refused body is still read. */
  readonly lingerTimeout: number;
  /** Connections; further ones are closed. */
  readonly connections: number;
  /** Requests that run at once. */
  readonly running: number;
  /** Requests that are read or wait for their turn. */
  readonly waiting: number;
  /** How long a request waits for its turn. */
  readonly waitTimeout: number;
  /** Bodies of all requests together. */
  readonly heldBytes: number;
  /** How long connections without a request are kept after the server begins to close. */
  readonly idleTimeout: number;
  /** How long requests may run after the server begins to close. */
  readonly closeTimeout: number;
}

export const DEFAULT_LIMITS: Limits = {
  headerBytes: 10_240,
  bodyBytes: LIMITS.bodyBytes,
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 65_000,
  lingerTimeout: 1_000,
  connections: 10_000,
  running: 64,
  waiting: 1_024,
  waitTimeout: 5_000,
  heldBytes: 256 * 1024 * 1024,
  idleTimeout: 500,
  closeTimeout: 30_000,
};

/** Node counts only names and values; the limit applies to all bytes that are sent. */
export function headerBytes({ method, url, rawHeaders }: IncomingMessage): number {
  const requestLine = " HTTP/1.1\r\n".length + 1 + `${method}`.length + `${url}`.length;
  let headers = 0;
  for (const text of rawHeaders) headers += text.length + 2;
  return requestLine + headers + 2;
}

const NOTHING = new Uint8Array();

/** A request without either header has no body (RFC 9112, 6.3): it ends with its head. */
function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers["content-length"] ?? "0";
  return length !== "0" || headers["transfer-encoding"] !== undefined;
}

/**
 * The whole body.
 * @param hold called with the size of every part before it is kept; if it throws, reading ends
 * @throws BodyTooLarge, as soon as the size is known; the rest is not read
 */
export async function readBody(
  request: IncomingMessage,
  limit: number,
  hold: (bytes: number) => void,
): Promise<Uint8Array> {
  if (!hasBody(request)) return NOTHING;
  if (Number(request.headers["content-length"] ?? 0) > limit) throw new BodyTooLarge(limit);
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    const take = (chunk: Buffer) => {
      try {
        size += chunk.length;
        if (size > limit) throw new BodyTooLarge(limit);
        hold(chunk.length);
        chunks.push(chunk);
      } catch (error) {
        request.off("data", take);
        chunks.length = 0;
        reject(error);
      }
    };
    request.on("data", take);
    request.once("end", () => resolve(Buffer.concat(chunks)));
    request.once("error", reject);
    request.once("close", () => reject(new Error("the client went away")));
  });
}
