/** Where clients see the API: below the server's base path, and behind what a proxy has removed. */
import type { IncomingMessage } from "node:http";
import { basePathSchema } from "../api/endpoint.ts";
import { below, isBelow } from "../api/event-path.ts";
import { valuesOf } from "./hosts.ts";
import { splitTarget } from "./http-parts.ts";
import { BadForwardedHeader, OutsideBasePath } from "./refusals.ts";

export interface Mount {
  /** Empty, or like `/placement`: requests have it. */
  readonly basePath: string;
  /** Whether `X-Forwarded-Prefix` and `X-Forwarded-Proto` are those of the operator's own proxy. */
  readonly trustsForwarded: boolean;
}

export interface Place {
  /** The operation's path. */
  readonly path: string;
  /** What clients have before it. */
  readonly base: string;
  /** What a proxy has removed from the target. */
  readonly removed: string;
  readonly scheme: "http" | "https";
}

export const ROOT: Mount = { basePath: "", trustsForwarded: false };

/** @throws OutsideBasePath, BadForwardedHeader */
export function placeOf(request: IncomingMessage, { basePath, trustsForwarded }: Mount): Place {
  const [target] = splitTarget(request.url ?? "/");
  if (!isBelow(target, basePath)) throw new OutsideBasePath(basePath);
  const removed = trustsForwarded ? forwardedPrefix(request) : "";
  const scheme = trustsForwarded ? forwardedScheme(request) : "http";
  return { path: below(target, basePath), base: `${removed}${basePath}`, removed, scheme };
}

/** `/placement/` is `/placement`, and `/` is empty. */
function forwardedPrefix({ rawHeaders }: IncomingMessage): string {
  const name = "X-Forwarded-Prefix";
  const [given = "", ...more] = valuesOf(rawHeaders, name.toLowerCase());
  const prefix = basePathSchema.safeParse(given.trim().replace(/\/$/, ""));
  if (more.length > 0 || !prefix.success) throw new BadForwardedHeader(name);
  return prefix.data;
}

function forwardedScheme({ rawHeaders }: IncomingMessage): Place["scheme"] {
  const name = "X-Forwarded-Proto";
  const [given = "http", ...more] = valuesOf(rawHeaders, name.toLowerCase());
  if (more.length > 0 || (given !== "http" && given !== "https"))
    throw new BadForwardedHeader(name);
  return given;
}
