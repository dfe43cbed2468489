/** A place that is held while a job runs, and is released by itself if the job's process dies. */
import { setTimeout as timer } from "node:timers/promises";
import {
  authToken,
  type Fetch,
  overHttp,
  PlacementClient,
  PlacementRefusal,
  release,
} from "serverless-placement/client";

type Environment = Readonly<Record<string, string | undefined>>;

interface Platform {
  readonly fetch?: Fetch;
  /** Waits for so many milliseconds. @throws when `signal` is aborted */
  readonly sleep?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** Seconds. The holder renews after a third, and stops its job when two thirds are over. */
const LEASE = 30;
const THIRD = (LEASE / 3) * 1_000;

/**
 * Runs `job` on a host with room for it.
 * @param job has to end within a third of the lease when `lost` is aborted
 * @returns whether the place was held to the end
 */
export async function main(
  environment: Environment,
  job: (host: string, lost: AbortSignal) => Promise<void>,
  {
    fetch = globalThis.fetch,
    sleep = (milliseconds, signal) => timer(milliseconds, undefined, { signal }),
  }: Platform = {},
): Promise<boolean> {
  const { PLACEMENT_URL: url = "http://127.0.0.1:8778", SERVER: uuid = "" } = environment;
  const transport = overHttp({ url, credentials: authToken("admin"), fetch });
  const client = new PlacementClient({ transport, version: "1.39" });
  const lost = new AbortController();
  let end: NodeJS.Timeout | undefined;

  /** The lease lasts from the moment at which it was asked for, at least. */
  const stopAfter = (sent: number) => {
    clearTimeout(end);
    end = setTimeout(() => lost.abort(), sent + 2 * THIRD - performance.now());
  };

  const sent = performance.now();
  const { body } = await client.call("claims/create", {
    body: {
      consumers: [{ uuid, project_id: "demo", user_id: "demo", consumer_type: "INSTANCE" }],
      alternatives: [{ query: { resources: "VCPU:1" } }],
    },
    lease: LEASE,
  });
  stopAfter(sent);
  const [{ life, allocations } = { life: "", allocations: {} }] = body.consumers;
  const done = new AbortController();

  async function renewing(): Promise<void> {
    const renewal = { parameters: { consumer_uuid: uuid }, body: { seconds: LEASE, life } };
    for (;;) {
      await sleep(THIRD, done.signal);
      const asked = performance.now();
      try {
        await client.call("consumers/renew-lease", renewal);
        stopAfter(asked);
      } catch (error) {
        // Released, or expired. After anything else the next renewal may succeed in time.
        if (error instanceof PlacementRefusal && error.status < 500) return lost.abort();
      }
    }
  }

  const renewed = renewing().catch(() => undefined);
  try {
    await job(Object.keys(allocations)[0] ?? "", lost.signal);
  } finally {
    clearTimeout(end);
    done.abort();
    await renewed;
  }
  if (lost.signal.aborted) return false;
  return release(client, uuid);
}
