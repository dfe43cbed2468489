/** Of which past a cursor is: another one after each restore, and after a time without a feed. */
import { read } from "../items/attributes.ts";
import { type FeedState, feedStateOf } from "../items/feed-state.ts";
import { formatAttributes } from "../items/table-format.ts";
import type { Item } from "../table/item.ts";

/**
 * @param meta the item with the table's format
 * @param state the item with the state of the feed
 */
export function epochOf(meta: Item | undefined, state: Item | undefined): string {
  const epoch = meta && read(meta, formatAttributes.epoch);
  const { era }: FeedState = feedStateOf(state);
  return [epoch, era].filter((each) => each !== undefined).join(".");
}
