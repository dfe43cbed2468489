/** The feeder of the local server: brings events into the feed soon after their changes. */
import type { Runtime } from "../../api/runtime.ts";
import { feedPending } from "../../store/events/feed-pending.ts";
import type { PendingWrites } from "../../store/history/pending-writes.ts";
import { WRITING } from "../../store/table/connection.ts";

/** Milliseconds after a change: those of the same moment are appended together. */
const DELAY = 25;
/** The same while changes follow each other: one append costs much, and each of its events little. */
const BUSY_DELAY = 200;
/** Milliseconds after which the feeder looks by itself, for what an ended process has left. */
const LOOK = 5_000;
/** Milliseconds after a failure. */
const AFTER_FAILURE = 1_000;
/** Milliseconds of one append. */
const LIMIT = 10_000;
/** Milliseconds for which a stop waits for the append that runs. */
const STOP_LIMIT = 1_000;
/** Appends in a row; the next run goes on. */
const MAX_PARTS = 10_000;

export interface Feeder {
  /** There is something to append. */
  wake(): void;
  /** Waits a second at most for the append that runs; the next start feeds what is left. */
  stop(): Promise<void>;
}

/** Appends, transaction by transaction, until there is nothing left. @returns how many each time */
async function* feedings({ openStore, clock, pending }: Omit<Parts, "log">) {
  for (let part = 0; part < MAX_PARTS; part += 1) {
    const store = openStore({ access: WRITING, deadline: clock.now() + LIMIT });
    const report = await feedPending(store, pending);
    yield report.events;
    if (!report.more) return;
  }
}

/**
 * Appends what an ended process has left, before there are changes of this one: its clock may have
 * been ahead. What cannot be fed in `LIMIT` is left to the feeder.
 */
export async function feedLeft({ openStore, clock, log }: Parts): Promise<void> {
  const until = clock.now() + LIMIT;
  try {
    for await (const _ of feedings({ openStore, clock })) if (clock.now() >= until) return;
  } catch (error) {
    log({ level: "WARN", message: NOT_FED, reason: reasonOf(error) });
  }
}

const NOT_FED = "events were not fed";
const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

interface Parts extends Pick<Runtime, "openStore" | "clock" | "log"> {
  /** Whose notes are fed. Default: none are. */
  readonly pending?: PendingWrites | undefined;
}

/** @param appended called when something was appended */
export function startFeeder(
  { openStore, clock, log, pending }: Parts,
  appended: () => void,
): Feeder {
  let cancel = () => {};
  /** When the next run is due; undefined: one is under way. */
  let due: number | undefined;
  let stopped = false;
  let again = false;
  let delay = DELAY;
  let running: Promise<void> = Promise.resolve();

  const schedule = (milliseconds: number) => {
    const at = clock.now() + milliseconds;
    if (stopped || (due !== undefined && due <= at)) return;
    cancel();
    due = at;
    cancel = clock.after(milliseconds, begin);
  };
  const begin = () => {
    due = undefined;
    again = false;
    running = run();
  };
  const run = async () => {
    let wait = LOOK;
    try {
      await feedAll();
      if (again) wait = delay;
    } catch (error) {
      // The next start feeds what a stop leaves.
      if (!stopped) log({ level: "WARN", message: NOT_FED, reason: reasonOf(error) });
      wait = AFTER_FAILURE;
    }
    schedule(wait);
  };
  const feedAll = async () => {
    let fed = 0;
    for await (const events of feedings({ openStore, clock, pending })) {
      if (events > 0) appended();
      fed += events;
      if (stopped) break;
    }
    delay = fed > 1 ? BUSY_DELAY : DELAY;
  };
  schedule(0);
  return {
    wake: () => {
      if (due === undefined) again = true;
      else schedule(delay);
    },
    stop: async () => {
      stopped = true;
      cancel();
      await noLongerThan(STOP_LIMIT, running, clock);
    },
  };
}

/** Waits for `work`, which may stand still as its engine does. */
async function noLongerThan(
  milliseconds: number,
  work: Promise<void>,
  clock: Pick<Runtime["clock"], "after">,
): Promise<void> {
  let cancel = () => {};
  const late = new Promise<void>((resolve) => {
    cancel = clock.after(milliseconds, resolve);
  });
  await Promise.race([work, late]);
  cancel();
}
