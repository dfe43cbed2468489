/** The state of the service, as the API shows it. */
import type { RequestsReport } from "../../lib/api/own-requests.ts";
import { RELEASE } from "../../lib/model/release.ts";
import type { ChangeRecord } from "../../lib/store/items/change-record.ts";
import type { Verified } from "../../lib/store/items/verified.ts";
import type { TableStatus } from "../../lib/store/status/read.ts";

/** Refusals are told apart by code: most servers see few of the codes. */
export const MAX_REFUSALS = 100;

export interface Known {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly table: TableStatus;
  /** Whether events are fed. */
  readonly fed: boolean;
  /** Milliseconds since 1970: since when events wait that only this process knows of. */
  readonly waitingSince: number | undefined;
  /** Undefined: of a function, whose processes come and go. */
  readonly requests: RequestsReport | undefined;
}

export function statusDocument({ now, table, fed, waitingSince = now, requests }: Known) {
  const { changes, moreChanges, verified, sweep, leaseLag, feedLag, appended } = table;
  const { swept, held } = sweep;
  return {
    time: timeOf(now),
    release: RELEASE,
    scope: requests === undefined ? "table" : "server",
    large_changes: changes.map(changeDocument),
    more_large_changes: moreChanges,
    verification: verified === undefined ? null : verificationDocument(verified),
    leases: {
      lag_seconds: leaseLag / 1_000,
      swept_at: maybeTime(swept),
      held_until: maybeTime(held !== undefined && held > now ? held : undefined),
    },
    // What a stream has not told yet is not in the table.
    events: fed
      ? {
          lag_seconds:
            requests === undefined ? null : Math.max(feedLag, now - waitingSince) / 1_000,
          appended_at: maybeTime(appended === 0 ? undefined : appended),
        }
      : null,
    requests: requests === undefined ? null : requestsDocument(requests),
  };
}

function changeDocument({ id, state, begun, items, expires }: ChangeRecord) {
  return {
    id,
    state,
    since: maybeTime(begun),
    items: items ?? null,
    expires_at: timeOf(expires),
  };
}

function verificationDocument({ at, since, checked, rules, repaired, unsettled }: Verified) {
  const found = Object.entries(rules).map(([rule, findings]) => ({ rule, findings }));
  return {
    since: timeOf(since),
    at: timeOf(at),
    checked,
    findings: found.reduce((sum, { findings }) => sum + findings, 0),
    repaired,
    unsettled,
    rules: found.sort((a, b) => b.findings - a.findings),
  };
}

function requestsDocument({ since, operations, refusals }: RequestsReport) {
  return {
    since: timeOf(since),
    by_operation: [...operations].sort(byCount).map(({ operation, count, errors, p50, p99 }) => {
      return { operation, count, errors, p50_ms: p50 ?? null, p99_ms: p99 ?? null };
    }),
    refusals: [...refusals].sort(byCount).slice(0, MAX_REFUSALS),
  };
}

interface Counted {
  readonly count: number;
}

const byCount = (a: Counted, b: Counted): number => b.count - a.count;

const timeOf = (milliseconds: number): string => new Date(milliseconds).toISOString();

const maybeTime = (milliseconds: number | undefined): string | null =>
  milliseconds === undefined ? null : timeOf(milliseconds);
