/** What a function keeps between requests; passed in, never global. */
import type { Clock, Random } from "../model/clock.ts";
import type { OpenStore } from "../store/maintenance-store.ts";
import type { Configuration } from "./configuration.ts";
import type { FeedWatch } from "./feed-watch.ts";
import type { Identify } from "./identity.ts";
import type { OwnMetrics } from "./operation.ts";
import type { OwnRequests } from "./own-requests.ts";
import type { Policy } from "./policy.ts";

/** One line of the log, as an object. */
export type Log = (entry: Readonly<Record<string, unknown>>) => void;

export interface Runtime {
  readonly openStore: OpenStore;
  readonly identify: Identify;
  readonly configuration: Configuration;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Of a process that serves for long; undefined in a function. */
  readonly ownMetrics?: OwnMetrics;
  /** Likewise. */
  readonly ownRequests?: OwnRequests;
  /** A time, in milliseconds since 1970, as headers tell it. Default: formatted each time. */
  readonly httpDate?: (time: number) => string;
  /** How requests wait for events. Default: they look again. */
  readonly feed?: FeedWatch;
}

/** Creates the runtime, once for all requests of a function. */
export type RuntimeSource = () => Promise<Runtime>;
