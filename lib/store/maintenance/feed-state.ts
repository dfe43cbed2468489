/**
 * Notes that events are not fed, so that followers are told: the cursors of before are of another
 * era.
 */
import { FEED_STATE, feedState, feedStateOf } from "../items/feed-state.ts";
import type { MaintenanceStore } from "../maintenance-store.ts";
import { absent, equals, remove, set } from "../table/expressions.ts";

/** @param fed whether events are fed from now on */
export async function noteFeed(store: MaintenanceStore, fed: boolean): Promise<void> {
  const { era, off } = feedStateOf(await store.get(FEED_STATE));
  if (off === !fed) return;
  await store.writeAlone({
    kind: "update",
    key: FEED_STATE,
    changes: fed
      ? [remove(feedState.off)]
      : [set(feedState.era, store.random.uuid()), set(feedState.off, true)],
    when: [era === undefined ? absent(...feedState.era) : equals(feedState.era, era)],
  });
}
