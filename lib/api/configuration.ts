/** What an operator can configure, apart from the table's location. */

import * as z from "zod";
import { withoutTrailingSlashes } from "../model/url-text.ts";
import type { PolicyPreset, Rules } from "./policy/rules.ts";

export interface Configuration {
  readonly policy: PolicyPreset;
  /** Rules that replace the preset's rules of the same names. */
  readonly policyRules: Rules;
  /** Origins that may call from a browser; none: no CORS at all. */
  readonly corsOrigins: readonly string[];
  /** The project and user of writes below 1.8, whose requests name none. */
  readonly incompleteProject: string;
  readonly incompleteUser: string;
  /** Items that one request may change, in two phases if one transaction cannot hold them. */
  readonly maxChangeItems: number;
  /** Seconds of a lease at most. */
  readonly maxLease: number;
  /** Percent of all leases that one sweep may release; of few leases it may release ten. */
  readonly maxLeaseShare: number;
  /** Days for which events are kept; 0: none are written. */
  readonly historyDays: number;
  /** Whether events are fed to followers. */
  readonly events: boolean;
  /** Seconds after which a function reads a shard of providers in full, changed or not. */
  readonly snapshotMaxAge: number;
  /** Shuffles allocation candidates, so that a limit does not always select the same hosts. */
  readonly randomizeCandidates: boolean;
  /** Steps of one search at most; see docs/candidates.md. */
  readonly maxCandidateWork: number;
  /** Candidates in one answer at most; a request may ask for fewer. */
  readonly maxCandidates: number;
  /** Keystone's URL with its version, for `WWW-Authenticate`; empty without such an endpoint. */
  readonly keystoneUrl: string;
  /** The Placement roles of callers that invoke a function directly. */
  readonly directRoles: readonly string[];
}

export const INCOMPLETE_ID = "00000000-0000-0000-0000-000000000000";

export const DEFAULT_CONFIGURATION: Configuration = {
  policy: "secure",
  policyRules: {},
  corsOrigins: [],
  incompleteProject: INCOMPLETE_ID,
  incompleteUser: INCOMPLETE_ID,
  maxChangeItems: 6_000,
  maxLease: 604_800,
  maxLeaseShare: 20,
  historyDays: 30,
  events: true,
  snapshotMaxAge: 60,
  randomizeCandidates: false,
  maxCandidateWork: 5_000_000,
  maxCandidates: 10_000,
  keystoneUrl: "",
  directRoles: ["service"],
};

/** The settings of the store, in its units. */
export function storeLimits({ maxChangeItems, historyDays, snapshotMaxAge }: Configuration) {
  return { maxChangeItems, historyDays, snapshotMaxAge: snapshotMaxAge * 1_000 };
}

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** The range of each numeric setting. */
export const BOUNDS = {
  maxChangeItems: { min: 100, max: 20_000 },
  maxLease: { min: 1, max: 31_536_000 },
  maxLeaseShare: { min: 1, max: 100 },
  historyDays: { min: 0, max: 3_650 },
  snapshotMaxAge: { min: 1, max: 3_600 },
  maxCandidates: { min: 1, max: 100_000 },
  maxCandidateWork: { min: 1_000, max: 1_000_000_000 },
} as const;

/**
 * Keystone's URL, with its version: `https://keystone.example` is `https://keystone.example/v3`.
 * It is part of a header, so its characters are those of a URL that is written out.
 */
export const keystoneUrlSchema = z
  .url({ protocol: /^https?$/ })
  .refine((text) => !/[?#@]/.test(text), "a URL without user, query or fragment")
  .transform((text) => {
    const url = withoutTrailingSlashes(new URL(text).href);
    return /\/v3$/.test(url) ? url : `${url}/v3`;
  });

/** The origins in a comma-separated list. */
export function originsOf(text: string): string[] {
  return text
    .split(",")
    .map((origin) => origin.trim())
    .filter((origin) => origin !== "");
}
