/**
 * Events as EventBridge takes them.
 *
 * Source: EventBridge API reference, "PutEvents"; user guide, "Calculating event entry size".
 */

/** An event as its readers see it. */
export interface BusEvent {
  /** `placement.allocation.create` */
  readonly event: string;
  /** As the API shows it. */
  readonly document: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970. */
  readonly time: number;
}

export interface Entry {
  readonly Source: string;
  readonly DetailType: string;
  /** JSON. */
  readonly Detail: string;
  readonly EventBusName: string;
  /** Seconds since 1970. */
  readonly Time: number;
}

export const SOURCE = "serverless-placement";

/** Entries of a request, and bytes of all of them. */
const MAX_ENTRIES = 10;
export const MAX_BYTES = 262_144;
/** What an entry's time counts. */
const TIME_BYTES = 14;

export function sizeOf({ Source, DetailType, Detail }: Entry): number {
  return (
    TIME_BYTES +
    [Source, DetailType, Detail].reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  );
}

/** An event that is too large for the bus is put there without its changes. */
export function entryOf({ event, document, time }: BusEvent, bus: string): Entry {
  const entryWith = (detail: object): Entry => ({
    Source: SOURCE,
    DetailType: event,
    Detail: JSON.stringify(detail),
    EventBusName: bus,
    Time: Math.floor(time / 1_000),
  });
  const whole = entryWith(document);
  if (sizeOf(whole) <= MAX_BYTES) return whole;
  return entryWith({ ...document, changes: {}, truncated: true });
}

/** In their order, as many in each part as one request takes. */
export function partsOf(entries: readonly Entry[]): Entry[][] {
  const parts: Entry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const last = parts.at(-1);
    const size = sizeOf(entry);
    if (last === undefined || last.length === MAX_ENTRIES || bytes + size > MAX_BYTES) {
      parts.push([entry]);
      bytes = size;
    } else {
      last.push(entry);
      bytes += size;
    }
  }
  return parts;
}
