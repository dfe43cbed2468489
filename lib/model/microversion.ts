/**
 * Microversions of the Placement API: `1.0` to `1.39`.
 *
 * The major number has been 1 since the service exists, so a version is held as
 * its minor number and versions compare as integers.
 *
 * Source: Placement API reference, "REST API Version History".
 */

/** A microversion as clients write it. */
export type VersionText = `1.${number}`;

/** The minor number of a served microversion, 0 to {@link MAX_MINOR}. */
export type Minor = number;

export const MIN_MINOR: Minor = 0;
export const MAX_MINOR: Minor = 39;

/** The minor number of a version that the code names. */
export function minor(text: VersionText): Minor {
  const value = Number(text.slice(2));
  if (!Number.isInteger(value) || value < MIN_MINOR || value > MAX_MINOR) {
    throw new RangeError(`${text} is not a served microversion`);
  }
  return value;
}

export function versionText(value: Minor): VersionText {
  return `1.${value}`;
}

/** What a request's `OpenStack-API-Version` header asks for. */
export type RequestedVersion =
  | { readonly kind: "served"; readonly minor: Minor }
  | { readonly kind: "unserved"; readonly text: string }
  | { readonly kind: "malformed"; readonly text: string };

const SERVICE = "placement";

/** What Python's `int` accepts beside white space: a sign, and underscores between digits. */
const INTEGER = /^([+-]?)(\d+(?:_\d+)*)$/;

/** White space in Python, but not in JavaScript. */
const NEXT_LINE = "\u0085";

/** Python refuses longer numbers. */
const MAX_DIGITS = 4_300;

/**
 * Reads the header `OpenStack-API-Version`, for example `placement 1.5, compute 2.1`. Without
 * an entry for this service the version is 1.0; the last entry counts. Two integers with a
 * dot between them are a version, served or not: `1.+5` is 1.5, `1.-1` is not served.
 *
 * Source: measured on Placement 8.0.0, whose versions are parsed by microversion-parse 1.0.1.
 */
export function requestedVersion(header: string | undefined): RequestedVersion {
  let text: string | undefined;
  for (const entry of (header ?? "").split(",")) {
    const trimmed = entry.replaceAll(NEXT_LINE, " ").trim();
    const gap = trimmed.search(/\s/);
    if (trimmed.slice(0, gap).toLowerCase() !== SERVICE || gap === -1) continue;
    text = trimmed.slice(gap).trimStart();
  }
  if (text === undefined) return { kind: "served", minor: MIN_MINOR };
  if (text === "latest") return { kind: "served", minor: MAX_MINOR };
  const dot = text.indexOf(".");
  const major = dot === -1 ? undefined : integer(text.slice(0, dot));
  const value = integer(text.slice(dot + 1));
  if (major === undefined || value === undefined) return { kind: "malformed", text };
  const served = major === 1 && value >= MIN_MINOR && value <= MAX_MINOR;
  return served ? { kind: "served", minor: value } : { kind: "unserved", text };
}

/** Undefined if `text` is not an integer. A number beyond a binary64 is infinite. */
function integer(text: string): number | undefined {
  const [, sign, digits = ""] = INTEGER.exec(text.trim()) ?? [];
  const plain = digits.replaceAll("_", "");
  if (sign === undefined || plain.length > MAX_DIGITS) return undefined;
  const value = Number(plain);
  // Avoids -0, which would be shown as "-0".
  return sign === "-" && value !== 0 ? -value : value;
}
