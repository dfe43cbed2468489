/**
 * Direct invocation: another Lambda function calls ours with
 * `lambda:InvokeFunction`, without HTTP between them.
 *
 * IAM decides who may invoke the function; every direct caller has the roles that the
 * stack's configuration gives to direct callers. The name that a caller gives itself is for
 * the logs and for its idempotency keys: it is not authenticated, and no policy rule uses it.
 */
import * as z from "zod";
import { MAX_MINOR, minor, type VersionText, versionText } from "../model/microversion.ts";
import { LIMITS } from "./limits.ts";

/** As long as a query parameter over HTTP. */
const text = z.string().max(LIMITS.queryValueLength);

export const DIRECT_CALLER = /^[\x21-\x7e]{1,128}$/;

/** The event that a direct caller sends. */
export const directRequestSchema = z.strictObject({
  /** The microversion, `1.0` to `1.39`, or `latest`. Required. */
  version: z.union([
    z.literal("latest"),
    z.custom<VersionText>((value) => {
      const match = typeof value === "string" ? /^1\.(0|[1-9]\d?)$/.exec(value) : null;
      return match !== null && Number(match[1]) <= MAX_MINOR;
    }, `a version from 1.0 to 1.${MAX_MINOR}`),
  ]),
  /** Path parameters and query parameters by name; an array repeats a query parameter. */
  parameters: z.record(z.string().max(256), z.union([text, z.array(text).max(100)])).optional(),
  /** The body, as a JSON value rather than as text. */
  body: z.unknown().optional(),
  /** The `X-Openstack-Request-Id` of the caller's own request, for the logs. */
  requestId: z.string().max(128).optional(),
  /** The caller's name for itself, 1 to 128 visible ASCII characters; not authenticated. */
  caller: z.string().regex(DIRECT_CALLER).optional(),
  /** Like the header `Idempotency-Key`; for writes. */
  idempotencyKey: z.string().max(4096).optional(),
  /** Seconds, like the header `Placement-Lease`. */
  lease: z.int().min(1).optional(),
  /** Like the header `Placement-Consumer-Life`. */
  life: z.string().max(4096).optional(),
});

export type DirectRequest = z.infer<typeof directRequestSchema>;

/** The result that a direct caller receives; `body` is undefined where HTTP would have none. */
export interface DirectResult<Body = unknown> {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Body;
}

export function directVersion(version: DirectRequest["version"]): VersionText {
  return version === "latest" ? versionText(MAX_MINOR) : versionText(minor(version));
}
