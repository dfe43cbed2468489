/** How far a follower has read the feed of events: an epoch of the table, and a place in each partition. */

export interface FeedPlace {
  /** The last item that was read to its end; 0: none. */
  readonly number: number;
  /** Events of the next item that were read. */
  readonly taken: number;
}

export interface FeedCursor {
  /** Of the table: another one after each restore. */
  readonly epoch: string;
  /** By partition; undefined: nothing was read of it, and it is read from its beginning. */
  readonly places: readonly (FeedPlace | undefined)[];
}

const EPOCH = /^[0-9a-z.-]{0,80}$/;
const PLACE = /^(0|[1-9]\d{0,14})(?:\.([1-9]\d?))?$/;

const NOTHING = "-";

/** Opaque to clients. */
export function cursorText({ epoch, places }: FeedCursor): string {
  return [epoch, ...places.map(placeText)].join("_");
}

function placeText(place: FeedPlace | undefined): string {
  if (place === undefined) return NOTHING;
  return place.taken === 0 ? `${place.number}` : `${place.number}.${place.taken}`;
}

/**
 * Undefined: no cursor of a feed with so many partitions.
 * @param text of at most some hundred characters
 */
export function cursorOf(text: string, partitions: number): FeedCursor | undefined {
  const [epoch = "", ...texts] = text.split("_");
  if (!EPOCH.test(epoch) || texts.length !== partitions) return undefined;
  const places: (FeedPlace | undefined)[] = [];
  for (const each of texts) {
    const [, number, taken = "0"] = PLACE.exec(each) ?? [];
    if (number === undefined && each !== NOTHING) return undefined;
    places.push(
      number === undefined ? undefined : { number: Number(number), taken: Number(taken) },
    );
  }
  return { epoch, places };
}
