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

/** The minor number of a version that stands in our own code. */
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

/**
 * Reads the header `OpenStack-API-Version`, for example `placement 1.5, compute 2.1`.
 * Without an entry for this service the version is 1.0; the last entry counts.
 */
export function requestedVersion(header: string | undefined): RequestedVersion {
  let text: string | undefined;
  for (const entry of (header ?? "").split(",")) {
    const [service, version, ...rest] = entry.trim().split(/\s+/);
    if (service?.toLowerCase() !== SERVICE || version === undefined) continue;
    text = [version, ...rest].join(" ");
  }
  if (text === undefined) return { kind: "served", minor: MIN_MINOR };
  if (text === "latest") return { kind: "served", minor: MAX_MINOR };
  const match = /^(\d{1,9})\.(\d{1,9})$/.exec(text);
  if (match === null) return { kind: "malformed", text };
  const value = Number(match[2]);
  if (Number(match[1]) !== 1 || value > MAX_MINOR) return { kind: "unserved", text };
  return { kind: "served", minor: value };
}
