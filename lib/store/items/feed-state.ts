/** Whether events are fed, and since when without a break: see `maintenance/feed-state.ts`. */
import type { Item, Key } from "../table/item.ts";
import { attribute, read, stored } from "./attributes.ts";
import { joined } from "./keys.ts";
import { META } from "./table-format.ts";

export const FEED_STATE: Key = { pk: joined(META, "FEED"), sk: META };

export const feedState = {
  /** Another one after each time in which events were not fed; absent before the first. */
  era: attribute<string | undefined>("era"),
  /** Whether they are not fed now. */
  off: attribute<boolean | undefined>("off"),
} as const;

/** Of a feed that goes on, in an era of its own. */
export const feedStateItem = (era: string): Item => ({
  ...FEED_STATE,
  ...stored(feedState, { era }),
});

export interface FeedState {
  readonly era: string | undefined;
  readonly off: boolean;
}

export function feedStateOf(item: Item | undefined): FeedState {
  if (item === undefined) return { era: undefined, off: false };
  return { era: read(item, feedState.era), off: read(item, feedState.off) === true };
}
