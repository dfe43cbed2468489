/** The runtime of a local server: the deployed one's parts, by default with identity from headers. */
import { type Configuration, storeLimits } from "../api/configuration.ts";
import { consoleLog } from "../api/console-log.ts";
import type { FeedWatch } from "../api/feed-watch.ts";
import type { Identify } from "../api/identity.ts";
import type { OwnMetrics } from "../api/operation.ts";
import type { OwnRequests } from "../api/own-requests.ts";
import { configuredPolicy } from "../api/policy/settings.ts";
import type { Log, Runtime } from "../api/runtime.ts";
import { systemClock } from "../api/system-clock.ts";
import { systemRandom } from "../api/system-random.ts";
import type { Clock, Random } from "../model/clock.ts";
import type { PendingWrites } from "../store/history/pending-writes.ts";
import { storeOpener } from "../store/open-store.ts";
import type { Connection } from "../store/table/connection.ts";
import { bySecond } from "./by-second.ts";
import { noauthIdentity } from "./noauth-identity.ts";

export interface LocalRuntimeParts {
  readonly connection: Connection;
  readonly configuration: Configuration;
  /** Default: the headers are believed. */
  readonly identify?: Identify;
  readonly log?: Log;
  /** Default: the system's. */
  readonly clock?: Clock;
  readonly random?: Random;
  readonly ownMetrics?: OwnMetrics;
  readonly ownRequests?: OwnRequests;
  /** Leaves events for a feeder. Default: the table has a stream that tells of them. */
  readonly pending?: PendingWrites | undefined;
  /** How requests wait for events. Default: they look again. */
  readonly feed?: FeedWatch;
}

export function localRuntime({
  connection,
  configuration,
  identify = noauthIdentity,
  log = consoleLog,
  clock = systemClock,
  random = systemRandom,
  ownMetrics,
  ownRequests,
  pending,
  feed,
}: LocalRuntimeParts): Runtime {
  const limits = storeLimits(configuration);
  const openStore = storeOpener({ connection, clock, random, log, pending, ...limits });
  const policy = configuredPolicy(configuration, log);
  const httpDate = bySecond((time) => new Date(time).toUTCString());
  const own = {
    httpDate,
    ...(ownMetrics && { ownMetrics }),
    ...(ownRequests && { ownRequests }),
    ...(feed && { feed }),
  };
  return { openStore, identify, configuration, policy, clock, random, log, ...own };
}
