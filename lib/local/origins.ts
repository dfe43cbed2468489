/**
 * Web pages that may use the API: those from this server, which serves none,
 * and those from origins that the operator configures. Browsers send the origin of every
 * request that may change something, and a page cannot prevent that.
 *
 * Source: WHATWG Fetch, "`Origin` header".
 */
import type { IncomingMessage } from "node:http";
import type { AnyOperation } from "../api/operation.ts";
import { valuesOf } from "./hosts.ts";
import { splitAbsolute } from "./http-parts.ts";
import { ForeignOrigin } from "./refusals.ts";

/**
 * Refuses a request for an operation with a rule if it comes from a page of another origin.
 * @param allowed origins, as browsers send them
 * @param find the operation that the request is for
 * @throws ForeignOrigin
 */
export function checkOrigin(
  request: IncomingMessage,
  allowed: readonly string[],
  find: () => AnyOperation | undefined,
): void {
  if (request.headers.origin === undefined) return;
  const origins = valuesOf(request.rawHeaders, "origin");
  const [origin] = origins;
  if (origin === undefined) return;
  if (origins.length === 1 && (allowed.includes(origin) || origin === ownOrigin(request))) return;
  if (find()?.rule !== undefined) throw new ForeignOrigin(origins.join(", "));
}

/** With the host name of the request, which was accepted before. */
function ownOrigin({ url = "", headers }: IncomingMessage): string | undefined {
  const host = splitAbsolute(url).authority ?? headers.host;
  return host === undefined ? undefined : `http://${host}`;
}
