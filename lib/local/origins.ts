/**
 * Web pages that may use the API: those from this server, which are the console's,
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

export interface Origins {
  /** Of others, as browsers send them. */
  readonly allowed: readonly string[];
  /** By which clients see this server. */
  readonly scheme: "http" | "https";
}

/**
 * Refuses a request for an operation with a rule if it comes from a page of another origin.
 * @param find the operation that the request is for
 * @throws ForeignOrigin
 */
export function checkOrigin(
  request: IncomingMessage,
  { allowed, scheme }: Origins,
  find: () => AnyOperation | undefined,
): void {
  if (request.headers.origin === undefined) return;
  const origins = valuesOf(request.rawHeaders, "origin");
  const [origin] = origins;
  if (origin === undefined) return;
  if (origins.length === 1 && (allowed.includes(origin) || origin === ownOrigin(request, scheme)))
    return;
  if (find()?.rule !== undefined) throw new ForeignOrigin(origins.join(", "));
}

/** With the host name of the request, which was accepted before. */
function ownOrigin(
  { url = "", headers }: IncomingMessage,
  scheme: Origins["scheme"],
): string | undefined {
  const host = splitAbsolute(url).authority ?? headers.host;
  return host === undefined ? undefined : `${scheme}://${host}`;
}
