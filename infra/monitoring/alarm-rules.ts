/**
 * Every alarm: when it is raised, and by how much unless an operator says otherwise. Each has a
 * section of docs/runbook.md that starts with its name.
 */

export interface AlarmRule {
  /** For its description. */
  readonly meaning: string;
  /** Raised at this value and above it; with `below`, under it. */
  readonly threshold: number;
  /** What the threshold counts or measures. */
  readonly unit: string;
  readonly below?: true;
  /** Minutes that make one value. */
  readonly period: number;
  /** How many of the latest values are looked at, and how many of them have to breach. */
  readonly of: number;
  readonly breaching: number;
  /** Whether a period without values breaches. */
  readonly missing?: true;
}

/** `breaching` of the latest `of` periods. */
const when = (breaching: number, of: number, period = 5) => ({ breaching, of, period });

export const ALARM_RULES = {
  ServerErrors: {
    meaning: "Requests were answered with a status from 500.",
    threshold: 5,
    unit: "answers in 5 minutes",
    ...when(1, 1),
  },
  SlowRequests: {
    meaning: "One request in a hundred took long.",
    threshold: 5_000,
    unit: "milliseconds (p99) in 3 of 3 periods of 5 minutes",
    ...when(3, 3),
  },
  TooManyRequests: {
    meaning: "API Gateway refused requests with 429: a route is beyond its limit.",
    threshold: 10,
    unit: "answers in 5 minutes",
    ...when(1, 1),
  },
  FunctionThrottles: {
    meaning: "Lambda refused invocations for lack of concurrency.",
    threshold: 1,
    unit: "invocations in 5 minutes, over ten functions",
    ...when(1, 1),
  },
  Concurrency: {
    meaning: "The account's concurrency in this region is nearly used up.",
    threshold: 80,
    unit: "percent of the quota",
    ...when(1, 1),
  },
  HotPartition: {
    meaning: "DynamoDB throttled a partition of the table that takes too many requests.",
    threshold: 10,
    unit: "throttled reads and writes in 5 minutes",
    ...when(1, 1),
  },
  TableAccountLimit: {
    meaning: "DynamoDB throttled the table at the account's quota for one table.",
    threshold: 1,
    unit: "throttled reads and writes in 5 minutes",
    ...when(1, 1),
  },
  TableOwnLimit: {
    meaning: "DynamoDB throttled the table at a maximum that is configured for it.",
    threshold: 1,
    unit: "throttled reads and writes in 5 minutes",
    ...when(1, 1),
  },
  UnknownOutcomes: {
    meaning: "Nobody can tell of some writes whether they were applied.",
    threshold: 3,
    unit: "writes in 5 minutes",
    ...when(1, 1),
  },
  HeadNotRaised: {
    meaning: "Changes were made of which functions with providers in memory were not told.",
    threshold: 1,
    unit: "shard logs in 5 minutes",
    ...when(1, 1),
  },
  LargeChangeLeft: {
    meaning: "Large changes were left unfinished, and the sweep did not finish them at once.",
    threshold: 1,
    unit: "large changes in 2 of 3 periods of 5 minutes",
    ...when(2, 3),
  },
  DamagedRecords: {
    meaning: "Changes were refused since stored records contradict each other.",
    threshold: 1,
    unit: "changes in 5 minutes",
    ...when(1, 1),
  },
  TaskFailures: {
    meaning: "Maintenance tasks failed.",
    threshold: 1,
    unit: "runs in 5 minutes",
    ...when(1, 1),
  },
  VerifierFindings: {
    meaning: "The verifier found contradictions in the table.",
    threshold: 1,
    unit: "findings in 5 minutes",
    ...when(1, 1),
  },
  LeaseLag: {
    meaning: "Consumers whose leases have expired are not released.",
    threshold: 120_000,
    unit: "milliseconds (maximum) in 2 of 3 periods of 5 minutes",
    ...when(2, 3),
  },
  LeaseSweepHeld: {
    meaning: "So many leases have expired at once that nothing is released without an operator.",
    threshold: 1,
    unit: "sweeps in 5 minutes",
    ...when(1, 1),
  },
  LeaseSweepMissing: {
    meaning: "The task that releases expired leases did not run for 5 minutes.",
    threshold: 1,
    unit: "runs in 5 minutes",
    below: true,
    missing: true,
    ...when(1, 1),
  },
  FeedLag: {
    meaning: "Events come into the feed late, or not at all.",
    threshold: 60_000,
    unit: "milliseconds (maximum) in 2 of 3 periods of 5 minutes",
    ...when(2, 3),
  },
  FeedFailures: {
    meaning: "Some events could not be fed: followers miss them.",
    threshold: 1,
    unit: "batches in the queue of failures",
    ...when(1, 1),
  },
  SweepMissing: {
    meaning: "The task that finishes large changes did not run for 15 minutes.",
    threshold: 1,
    unit: "runs in 15 minutes",
    below: true,
    missing: true,
    ...when(1, 1, 15),
  },
  CanaryFailures: {
    meaning: "The canary failed, or did not run.",
    threshold: 1,
    unit: "successful runs in 2 of 3 of its intervals",
    below: true,
    missing: true,
    // The period is the canary's interval.
    ...when(2, 3),
  },
} as const satisfies Readonly<Record<string, AlarmRule>>;

export type AlarmId = keyof typeof ALARM_RULES;

export const ALARM_IDS = Object.keys(ALARM_RULES) as readonly AlarmId[];

export function ruleOf(id: AlarmId): AlarmRule {
  return ALARM_RULES[id];
}
