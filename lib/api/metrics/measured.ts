/** What a request or a run of a task is measured by. */
import type { Meter } from "../../store/table/meter.ts";
import { UnknownOutcome } from "../../store/table/refusals.ts";
import type { Measured } from "./definitions.ts";

interface Ended {
  /** Of the answer. */
  readonly status: number;
  /** Milliseconds. */
  readonly latency: number;
  /** What was thrown, for a refusal. */
  readonly error: unknown;
  /** Undefined: the request never opened the store. */
  readonly meter: Meter | undefined;
}

export function measuredRequest({ status, latency, error, meter }: Ended): Measured {
  return {
    Requests: 1,
    Latency: latency,
    ...withoutZeros({
      Errors: Number(status >= 500),
      Refusals: Number(status >= 400 && status < 500),
      UnknownOutcomes: Number(error instanceof UnknownOutcome),
      ...costOf(meter),
    }),
    ...snapshotOf(meter),
  };
}

/** @param own of the task itself */
export function measuredTask(failed: boolean, meter: Meter | undefined, own: Measured): Measured {
  const common = { TaskFailures: Number(failed), ...costOf(meter) };
  return { TaskRuns: 1, ...withoutZeros(common), ...snapshotOf(meter), ...own };
}

function costOf(meter: Meter | undefined): Measured {
  if (meter === undefined) return {};
  return {
    Retries: meter.retries,
    Conflicts: meter.conflicts,
    Throttles: meter.throttles,
    ReadUnits: meter.readUnits,
    WriteUnits: meter.writeUnits,
    ColdReads: meter.coldReads,
  };
}

function snapshotOf(meter: Meter | undefined): Measured {
  const { snapshot } = meter ?? {};
  return snapshot === undefined
    ? {}
    : { SnapshotAge: snapshot.age, SnapshotSize: snapshot.providers };
}

/** Most are 0 in most requests: a sum is the same without them, and the line is shorter. */
function withoutZeros(measured: Measured): Measured {
  return Object.fromEntries(Object.entries(measured).filter(([, value]) => value !== 0));
}
