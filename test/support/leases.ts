/** Requests about leases, and sweeps of them. */
import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { releaseExpired } from "../../functions/maintenance/release-expired.ts";
import { taskLambda } from "../../lib/api/task.ts";
import type { LeasesReport } from "../../lib/store/maintenance/release-expired.ts";
import type { Api } from "./api.ts";
import type { Matches } from "./faulty.ts";
import type { Interposer } from "./interpose.ts";
import { claim, type Held, release } from "./world.ts";

export const MARGIN = 10_000;

/** @param api the server, asked for with each request: tests start theirs later */
export function leaseRequests(api: () => Api) {
  const hold = (uuid: string, held: Held, seconds: number, generation: number | null = null) =>
    claim(api(), uuid, held, generation, { headers: { "placement-lease": String(seconds) } });
  return {
    hold,
    /** A new consumer with a lease. */
    held: async (held: Held, seconds: number): Promise<string> => {
      const uuid = randomUUID();
      expect((await hold(uuid, held, seconds)).status).toBe(204);
      return uuid;
    },
    renew: (uuid: string, seconds: number, more: object = {}) =>
      api().request("PUT", `/consumers/${uuid}/lease`, { body: { seconds, ...more } }),
    confirm: (uuid: string, headers: Readonly<Record<string, string>> = {}) =>
      api().request("DELETE", `/consumers/${uuid}/lease`, { headers }),
    show: (uuid: string) => api().request("GET", `/consumers/${uuid}`),
    sweep: async (event: object = {}): Promise<LeasesReport> =>
      (await taskLambda(releaseExpired, async () => api().runtime)(event)) as LeasesReport,
    /** The sort keys of the consumer's look-up items among the leases. */
    listed: async (uuid: string): Promise<number[]> =>
      (await api().items())
        .filter(({ pk, sk }) => pk.startsWith("LEASE#") && sk.endsWith(uuid))
        .map(({ sk }) => Number(sk.split("#")[0])),
    /** Releases what earlier tests left with leases, so that a sweep's counts are a test's own. */
    releaseAll: async (): Promise<void> => {
      const leases = (await api().items()).filter(({ pk }) => pk.startsWith("LEASE#"));
      for (const { sk } of leases) await release(api(), sk.split("#")[1] ?? "");
    },
  };
}

/** Does `act` before the next call that `matches`, once; `times` tells how often. */
export function onceBefore(matches: Matches, act: () => Promise<unknown>) {
  const done = { times: 0 };
  const interposer: Interposer = async (call) => {
    if (done.times === 0 && matches(call)) {
      done.times = 1;
      await act();
    }
    return call.send();
  };
  return { interposer, done };
}

export const leaseExpired = (uuid: string) => ({
  status: 409,
  code: "placement.lease.expired",
  message: `The lease of consumer ${uuid} has expired: the consumer is being released.`,
});

export const noLease = (uuid: string) => ({
  status: 409,
  code: "placement.lease.none",
  message: `Consumer ${uuid} has no lease.`,
});

export const otherLife = (uuid: string) => ({
  status: 409,
  code: "placement.concurrent_update",
  message: `Consumer ${uuid} is not living the life that the request names.`,
});
