/** The environment of `npm start`: the valid values of each variable, and its default. */
import * as z from "zod";
import {
  BOUNDS,
  type Bounds,
  DEFAULT_CONFIGURATION,
  keystoneUrlSchema,
  originsOf,
} from "../api/configuration.ts";
import { DEFAULT_SCOPES, isOrigin } from "../api/console/config.ts";
import { basePathSchema } from "../api/endpoint.ts";
import { DEFAULT_TOKEN_CACHE_TIME, TOKEN_CACHE_BOUNDS } from "../authorizer/configuration.ts";
import { claimsSchema } from "../authorizer/jwt/claims.ts";
import { hostName } from "./hosts.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { DEFAULT_LOG_LEVEL, LOG_LEVELS } from "./log-level.ts";

export const DEFAULT_PORT = 8778;
export const DEFAULT_FOLDER = ".placement";
export const DEFAULT_TABLE = "placement";

/** Seconds for which requests may run after the server begins to stop. */
const GRACE_BOUNDS: Bounds = { min: 0, max: 3_600 };

const port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .pipe(z.number().max(65_535));

const wholeNumber = ({ min, max }: Bounds) =>
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max));

const boundsWords = ({ min, max }: Bounds) => `a whole number from ${min} to ${max}`;
const atLeastOne = z
  .string()
  .regex(/^[1-9]\d{0,5}$/)
  .transform(Number);

const hostNames = z.string().transform((text, context) => {
  const given = text.split(",").map((name) => name.trim());
  const names = given.map(hostName);
  if (names.every((name) => name !== undefined)) return names;
  context.addIssue("no host name");
  return z.NEVER;
});

/** `noauth2` is Placement's own word for `noauth`. */
const strategy = z
  .enum(["noauth", "noauth2", "keystone", "jwt"])
  .default("noauth")
  .transform((given) => (given === "noauth2" ? "noauth" : given));

const scopes = z
  .string()
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/)
  .default(DEFAULT_SCOPES.join(" "))
  .transform((text) => text.split(" "));

const origins = z
  .string()
  .default("")
  .transform(originsOf)
  .refine((given) => given.every(isOrigin));

const claimNames = z.string().transform((text, context) => {
  try {
    return claimsSchema.parse(JSON.parse(text));
  } catch {
    context.addIssue("no names of claims");
    return z.NEVER;
  }
});

const A_URL = "a URL like https://HOST:PORT/PATH";

/** Each setting with a description of its valid values. */
export const settings = {
  PORT: [port.default(DEFAULT_PORT), "a whole number from 0 to 65535"],
  PLACEMENT_STATE_DIR: [z.string().default(DEFAULT_FOLDER), "a folder"],
  DYNAMODB_ENDPOINT: [z.url({ protocol: /^https?$/ }).optional(), "a URL like http://HOST:PORT"],
  TABLE_NAME: [
    z
      .string()
      .regex(/^[A-Za-z0-9_.-]{3,255}$/)
      .default(DEFAULT_TABLE),
    "3 to 255 of A-Z a-z 0-9 _ . -",
  ],
  PLACEMENT_AUTH_STRATEGY: [strategy, "noauth, keystone or jwt"],
  PLACEMENT_KEYSTONE_URL: [keystoneUrlSchema.optional(), A_URL],
  OS_AUTH_URL: [keystoneUrlSchema.optional(), A_URL],
  PLACEMENT_TOKEN_CACHE_TIME: [
    wholeNumber(TOKEN_CACHE_BOUNDS).default(DEFAULT_TOKEN_CACHE_TIME),
    boundsWords(TOKEN_CACHE_BOUNDS),
  ],
  PLACEMENT_JWT_ISSUER: [z.url({ protocol: /^https?$/ }).optional(), A_URL],
  PLACEMENT_JWT_AUDIENCE: [z.string().min(1).optional(), "the audience of tokens"],
  PLACEMENT_JWT_CLAIMS: [
    claimNames.default({ user: "sub", project: "project_id", roles: "roles" }),
    "a JSON object with the names of claims: user, project, roles",
  ],
  PLACEMENT_LISTEN: [z.union([z.ipv4(), z.ipv6()]).optional(), "an IP address of this machine"],
  PLACEMENT_BASE_PATH: [
    basePathSchema.default(""),
    "a path like /placement: letters, digits and . _ ~ - between slashes, none at the end",
  ],
  PLACEMENT_TRUST_FORWARDED_PREFIX: [z.stringbool().default(false), "true or false"],
  PLACEMENT_ALLOWED_HOSTS: [
    hostNames.default([]),
    "host names or addresses without a port, separated by commas",
  ],
  PLACEMENT_CORS_ORIGINS: [z.string().default(""), "origins, separated by commas"],
  PLACEMENT_RANDOMIZE_CANDIDATES: [
    z.stringbool().default(DEFAULT_CONFIGURATION.randomizeCandidates),
    "true or false",
  ],
  PLACEMENT_MAX_CANDIDATES: [
    wholeNumber(BOUNDS.maxCandidates).default(DEFAULT_CONFIGURATION.maxCandidates),
    boundsWords(BOUNDS.maxCandidates),
  ],
  PLACEMENT_MAX_CANDIDATE_WORK: [
    wholeNumber(BOUNDS.maxCandidateWork).default(DEFAULT_CONFIGURATION.maxCandidateWork),
    boundsWords(BOUNDS.maxCandidateWork),
  ],
  PLACEMENT_MAX_CHANGE_ITEMS: [
    wholeNumber(BOUNDS.maxChangeItems).default(DEFAULT_CONFIGURATION.maxChangeItems),
    boundsWords(BOUNDS.maxChangeItems),
  ],
  PLACEMENT_MAX_LEASE: [
    wholeNumber(BOUNDS.maxLease).default(DEFAULT_CONFIGURATION.maxLease),
    boundsWords(BOUNDS.maxLease),
  ],
  PLACEMENT_MAX_LEASE_SHARE: [
    wholeNumber(BOUNDS.maxLeaseShare).default(DEFAULT_CONFIGURATION.maxLeaseShare),
    boundsWords(BOUNDS.maxLeaseShare),
  ],
  PLACEMENT_HISTORY_DAYS: [
    wholeNumber(BOUNDS.historyDays).default(DEFAULT_CONFIGURATION.historyDays),
    boundsWords(BOUNDS.historyDays),
  ],
  PLACEMENT_EVENTS: [z.stringbool().default(DEFAULT_CONFIGURATION.events), "true or false"],
  PLACEMENT_SNAPSHOT_MAX_AGE: [
    wholeNumber(BOUNDS.snapshotMaxAge).default(DEFAULT_CONFIGURATION.snapshotMaxAge),
    boundsWords(BOUNDS.snapshotMaxAge),
  ],
  PLACEMENT_INCOMPLETE_PROJECT: [
    z.string().max(255).default(DEFAULT_CONFIGURATION.incompleteProject),
    "at most 255 characters",
  ],
  PLACEMENT_INCOMPLETE_USER: [
    z.string().max(255).default(DEFAULT_CONFIGURATION.incompleteUser),
    "at most 255 characters",
  ],
  PLACEMENT_CONSOLE: [z.stringbool().default(true), "true or false"],
  PLACEMENT_CONSOLE_CLIENT_ID: [z.string().min(1).max(255).optional(), "the id of a public client"],
  PLACEMENT_CONSOLE_SCOPES: [scopes, "scopes, separated by spaces"],
  PLACEMENT_CONSOLE_CONNECT: [origins, "origins like https://HOST, separated by commas"],
  PLACEMENT_MAX_RUNNING: [atLeastOne.default(DEFAULT_LIMITS.running), "a whole number from 1"],
  PLACEMENT_MAX_WAITING: [atLeastOne.default(DEFAULT_LIMITS.waiting), "a whole number from 1"],
  PLACEMENT_GRACE_PERIOD: [
    wholeNumber(GRACE_BOUNDS).default(DEFAULT_LIMITS.closeTimeout / 1_000),
    boundsWords(GRACE_BOUNDS),
  ],
  PLACEMENT_LOG_LEVEL: [
    z.enum(LOG_LEVELS).default(DEFAULT_LOG_LEVEL),
    "DEBUG, INFO, WARN or ERROR",
  ],
} as const;

type Name = keyof typeof settings;

/**
 * Reads a setting: from its flag if that is given, else from its variable.
 * @throws StartFailure for a value that is not valid
 */
export type Read = <N extends Name>(
  name: N,
  flag?: string,
  given?: string,
) => z.output<(typeof settings)[N][0]>;
