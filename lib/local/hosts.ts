/**
 * The host names of this server that a request may use. The domain of a web page can
 * resolve to 127.0.0.1 (DNS rebinding). The browser then treats this server as part of
 * that page's origin, and only the host name in the request reveals the difference.
 *
 * Sources: RFC 9110, 7.2 and 7.4; RFC 9112, 3.2; RFC 6761, 6.3 (`localhost` and its subdomains).
 */
import type { IncomingMessage } from "node:http";
import { isIPv4, isIPv6 } from "node:net";
import { splitAbsolute } from "./http-parts.ts";
import { AmbiguousHost, MisdirectedRequest } from "./refusals.ts";

/** Whether a request may use a host, with or without a port, such as `localhost:8778`. */
export type AcceptsHost = (authority: string) => boolean;

const AUTHORITY = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::(\d{0,5}))?$/;
const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;
const MAX_NAME = 253;
const MAX_PORT = 65_535;

/**
 * The canonical form of a name or an address: in lower case, without a trailing dot.
 * @param text for example `Placement.example.com.` or `[0::1]`; addresses of version 6 have brackets
 * @returns undefined if it is neither
 */
export function hostName(text: string): string | undefined {
  if (text.startsWith("[")) return version6(text.slice(1, -1));
  const name = text.toLowerCase().replace(/\.$/, "");
  const sound = name.length <= MAX_NAME && name.split(".").every((label) => LABEL.test(label));
  return sound ? name : undefined;
}

function version6(address: string): string | undefined {
  const sound = isIPv6(address) && !address.includes("%");
  return sound ? new URL(`http://[${address}]/`).hostname : undefined;
}

function isLoopback(name: string): boolean {
  if (isIPv4(name)) return name.startsWith("127.");
  return name === "[::1]" || name === "localhost" || name.endsWith(".localhost");
}

/** Names in addition to those of the loopback interface, from {@link hostName}; or any. */
export type AllowedHosts = readonly string[] | "all";

export function acceptedHosts(allowed: AllowedHosts = []): AcceptsHost {
  if (allowed === "all") return () => true;
  const names = new Set(allowed);
  const accepts = (authority: string) => {
    const match = AUTHORITY.exec(authority.toLowerCase());
    if (match === null || Number(match[2] ?? 0) > MAX_PORT) return false;
    const name = hostName(match[1] ?? "");
    return name !== undefined && (isLoopback(name) || names.has(name));
  };
  // Most requests name the server as the one before them did.
  let last: string | undefined;
  return (authority) => {
    if (authority === last) return true;
    const accepted = accepts(authority);
    if (accepted) last = authority;
    return accepted;
  };
}

/** The values of a header, one for each occurrence. */
export function valuesOf(rawHeaders: readonly string[], header: string): string[] {
  const values: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    if (name.length === header.length && name.toLowerCase() === header) {
      values.push(rawHeaders[index + 1] ?? "");
    }
  }
  return values;
}

/**
 * Refuses a request whose target or `Host` header names another server. Browsers always
 * send `Host`; HTTP/1.0 does not require it.
 * @throws MisdirectedRequest, AmbiguousHost
 */
export function checkHost(request: IncomingMessage, accepts: AcceptsHost): void {
  const target = splitAbsolute(request.url ?? "").authority;
  const hosts = valuesOf(request.rawHeaders, "host");
  const named = target === undefined ? hosts : [target, ...hosts];
  for (const each of named) if (!accepts(each)) throw new MisdirectedRequest(each);
  const needed = request.httpVersion === "1.0" ? 0 : 1;
  if (hosts.length > 1 || hosts.length < needed) throw new AmbiguousHost();
}
