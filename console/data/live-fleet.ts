/** Keeps the fleet as events say: what they touch is read again. */
import type { Clock } from "../../lib/client/platform.ts";
import { providersOf } from "../model/happening.ts";
import type { EventStore } from "./event-store.ts";
import type { FleetStore } from "./fleet-store.ts";

/** Milliseconds: many events of one provider are one reading. */
const GATHERED = 200;
/** Beyond that everything is read anew. */
const TOO_MANY = 2_000;
/** Milliseconds by which the clocks of browser and service may differ. */
const SKEW = 120_000;

/** @returns what ends it */
export function keepFleet(fleet: FleetStore, events: EventStore, clock: Clock): () => void {
  const begun = clock.now();
  const changed = new Set<string>();
  const read = async () => {
    const uuids = [...changed];
    changed.clear();
    try {
      if (uuids.length > TOO_MANY) await fleet.load();
      else await fleet.refresh(uuids);
    } catch {
      // The next event tries again; what is shown is as it was.
    }
  };
  return events.listen((all) => {
    for (const event of all) {
      if (Date.parse(event.time) < begun - SKEW) continue;
      const isFirst = changed.size === 0;
      for (const uuid of providersOf(event)) changed.add(uuid);
      if (isFirst && changed.size > 0) clock.after(GATHERED, () => void read());
    }
  });
}
