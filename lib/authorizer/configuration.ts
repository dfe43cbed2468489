/** The environment of a deployed authorizer; the stack sets it. */
import * as z from "zod";
import { keystoneUrlSchema } from "../api/configuration.ts";
import { claimsSchema } from "./jwt/claims.ts";

/** Seconds, as keystonemiddleware's `token_cache_time`. */
export const DEFAULT_TOKEN_CACHE_TIME = 300;
export const TOKEN_CACHE_BOUNDS = { min: 0, max: 3_600 } as const;

/** Milliseconds for one call to Keystone or an issuer; `in-time.ts` bounds all of them together. */
export const CALL_TIMEOUT = 7_000;
/** Tokens that one instance remembers; a document has some 500 bytes. */
export const MAX_TOKENS = 10_000;
/** Validations under way at a time in one instance. */
export const MAX_ASKING = 64;

const seconds = z.coerce.number().int().min(TOKEN_CACHE_BOUNDS.min).max(TOKEN_CACHE_BOUNDS.max);
const url = z.url({ protocol: /^https?$/ });

export const keystoneEnvironment = z.object({
  KEYSTONE_URL: keystoneUrlSchema,
  /** The secret that holds the credential as JSON, under the names of `OS_…` variables. */
  KEYSTONE_SECRET_ARN: z.string().min(1),
  TOKEN_CACHE_TIME: seconds.default(DEFAULT_TOKEN_CACHE_TIME),
});

export const jwtEnvironment = z.object({
  JWT_ISSUER: url,
  JWT_AUDIENCE: z.string().min(1),
  /** JSON: which claims say user, project and roles. */
  JWT_CLAIMS: z
    .string()
    .default("{}")
    .transform((text) => claimsSchema.parse(JSON.parse(text))),
});
