/** Datapoints on a time line that ends now, and what a stack without faults counts on it. */
import { expect } from "vitest";
import { canary } from "../../../functions/maintenance/canary.ts";
import { finishChanges } from "../../../functions/maintenance/finish-changes.ts";
import { releaseExpired } from "../../../functions/maintenance/release-expired.ts";
import { taskLambda } from "../../../lib/api/task.ts";
import type { CanaryReport } from "../../../lib/store/maintenance/canary/run.ts";
import type { Api } from "../../support/api.ts";
import { type Datapoint, datapointsOf } from "../../support/emf.ts";

export const NOW = Date.UTC(2026, 10, 27, 12);
const MINUTE = 60_000;
/** More than any alarm looks at. */
const MINUTES = 90;

export function minutesAgo(minutes: number, points: readonly Datapoint[]): Datapoint[] {
  return points.map((point) => ({ ...point, at: NOW - minutes * MINUTE }));
}

/** The metrics of all that a server logs while `work` runs. */
export async function measured(
  { logs }: Pick<Api, "logs">,
  work: () => Promise<unknown>,
): Promise<Datapoint[]> {
  const before = logs.length;
  await work();
  return datapointsOf(logs.slice(before));
}

/** A datapoint of AWS itself, as its documents describe it. */
export function awsPoint(
  namespace: "AWS/ApiGateway" | "AWS/DynamoDB" | "AWS/Lambda" | "AWS/SQS",
  name: string,
  dimensions: Readonly<Record<string, string>>,
  value: number,
): Datapoint {
  return { namespace, name, unit: "Count", dimensions, value, at: NOW - MINUTE };
}

/** At every fifth minute of the time line, from `from` minutes ago on. */
export function recurring(points: readonly Datapoint[], from = MINUTES, until = 0): Datapoint[] {
  const count = Math.floor((from - until) / 5);
  return Array.from({ length: count }, (_, index) =>
    minutesAgo(until + index * 5 + 2, points),
  ).flat();
}

/** Runs the task that finishes large changes. */
export async function sweepOnce(api: Api): Promise<unknown> {
  return taskLambda(finishChanges, async () => api.runtime)({});
}

/** Runs the task that releases expired leases. */
export async function releaseOnce(api: Api, event: object = {}): Promise<unknown> {
  return taskLambda(releaseExpired, async () => api.runtime)(event);
}

/** Runs the canary in the place of its function. @throws CanaryFailed */
export async function canaryOnce(api: Api): Promise<CanaryReport> {
  return taskLambda(canary, async () => api.runtime)({}) as Promise<CanaryReport>;
}

/** Both sweeps, as they are without faults. */
export async function sweepsOnce(api: Api): Promise<void> {
  await sweepOnce(api);
  await releaseOnce(api);
}

/** What a stack without faults counts by itself: the sweeps and the canary, as they ran just now. */
export async function background(api: Api): Promise<Datapoint[]> {
  const points = await measured(api, async () => {
    await sweepsOnce(api);
    expect(await canaryOnce(api)).toMatchObject({ ran: true });
  });
  return recurring(points);
}
