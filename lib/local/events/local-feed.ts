/**
 * The parts of the feed in a local process: what a change leaves, who brings it into the feed, and
 * who waits for it.
 */
import type { Configuration } from "../../api/configuration.ts";
import type { Runtime } from "../../api/runtime.ts";
import { systemClock } from "../../api/system-clock.ts";
import { systemRandom } from "../../api/system-random.ts";
import type { Clock, Random } from "../../model/clock.ts";
import { PendingWrites } from "../../store/history/pending-writes.ts";
import type { AttemptSlots } from "../../store/table/attempts.ts";
import type { TableLocation } from "../storage.ts";
import { LocalFeedWatch } from "./feed-watch.ts";
import { type Feeder, startFeeder } from "./feeder.ts";

/** Of the requests that run at once, the part that may wait for events: the others have to go on. */
const WAITING_PART = 4;

export const isFed = ({ historyDays, events }: Configuration): boolean => historyDays > 0 && events;

export interface LocalFeed {
  readonly feed: LocalFeedWatch;
  /** Undefined: no events are fed. */
  readonly pending: PendingWrites | undefined;
  start(runtime: Runtime): Feeder;
}

interface Surroundings {
  readonly clock: Clock;
  readonly random: Random;
  /** Of the connection of a process that uses the table alone: changes leave notes in them. */
  readonly attempts: AttemptSlots | undefined;
}

/** @param running requests that run at once */
export function localFeed(
  configuration: Configuration,
  running: number,
  { clock = systemClock, random = systemRandom, attempts }: Partial<Surroundings> = {},
): LocalFeed {
  const limit = Math.max(1, Math.floor(running / WAITING_PART));
  const feed = new LocalFeedWatch({ clock, limit, notes: attempts?.notes });
  let feeder: Feeder | undefined;
  const written = () => feeder?.wake();
  const pending = isFed(configuration)
    ? new PendingWrites(random.uuid(), clock, { attempts, written })
    : undefined;
  return {
    feed,
    pending,
    start: (runtime) => {
      feeder = startFeeder({ ...runtime, pending }, () => feed.appended());
      return feeder;
    },
  };
}

/**
 * What a program other than the server leaves: on the embedded engine the next server feeds it; any
 * other table may have a stream.
 */
export function pendingOf(
  { engine }: Pick<TableLocation, "engine">,
  configuration: Configuration,
): PendingWrites | undefined {
  return engine !== undefined && isFed(configuration)
    ? new PendingWrites(systemRandom.uuid(), systemClock)
    : undefined;
}
