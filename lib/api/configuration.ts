/** What an operator may set, apart from where the table is. */
import type { PolicyPreset } from "./policy.ts";

export interface Configuration {
  readonly policy: PolicyPreset;
  /** Origins that may call from a browser; none: no CORS at all. */
  readonly corsOrigins: readonly string[];
  /** Stand for the project and user of writes below 1.8, which name none. */
  readonly incompleteProject: string;
  readonly incompleteUser: string;
  /** Items that one request may change at once, beyond one transaction in two phases. */
  readonly maxChangeItems: number;
  /** Milliseconds after which a function reads a shard of providers in full, whatever its head says. */
  readonly snapshotMaxAge: number;
  /** Placement's roles of whoever may invoke a function directly. */
  readonly directRoles: readonly string[];
}

export const INCOMPLETE_ID = "00000000-0000-0000-0000-000000000000";

export const DEFAULT_CONFIGURATION: Configuration = {
  policy: "secure",
  corsOrigins: [],
  incompleteProject: INCOMPLETE_ID,
  incompleteUser: INCOMPLETE_ID,
  maxChangeItems: 6_000,
  snapshotMaxAge: 60_000,
  directRoles: ["service"],
};
