/** The files of the built console: which ones are served, as what, and for how long they are kept. */

/** By the end of their names. Others, such as maps of sources, are not served. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};

export const INDEX_FILE = "index.html";
export const CONFIG_FILE = "config.json";

/** No folder and no hidden file has such a name. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.([a-z]{2,4})$/;
/** The build names these by what is in them. */
const HASHED = /^[a-z]+-[A-Z0-9]{8}\.(?:js|css)$/;

/** Undefined: a file of that name is not served. */
export function contentTypeOf(name: string): string | undefined {
  const [, extension = ""] = NAME.exec(name) ?? [];
  return CONTENT_TYPES[extension];
}

export const KEPT_FOREVER = "public, max-age=31536000, immutable";
/** It is asked for each time, and answered only if it has changed. */
export const ASKED_AGAIN = "no-cache";

export function cacheControlOf(name: string): string {
  return HASHED.test(name) ? KEPT_FOREVER : ASKED_AGAIN;
}
