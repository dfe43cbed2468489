/**
 * What browsers may do with the pages of the console: run its own files, talk to the API and to who
 * knows its callers, and nothing else.
 *
 * Sources: W3C, "Content Security Policy Level 3"; "Referrer Policy". WHATWG Fetch,
 * "`X-Content-Type-Options` header".
 */

/** @param connect origins that its pages may call beside their own */
export function contentSecurityPolicy(connect: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src ${["'self'", ...new Set(connect)].join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** The same for each of its files. */
export function consoleHeaders(connect: readonly string[]): Readonly<Record<string, string>> {
  return {
    "content-security-policy": contentSecurityPolicy(connect),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  };
}
