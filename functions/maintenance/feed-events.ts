import * as z from "zod";
import { systemClock } from "../../lib/api/system-clock.ts";
import { systemRandom } from "../../lib/api/system-random.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { defineTask, type Task } from "../../lib/api/task-definition.ts";
import { type EventBus, eventBus } from "../../lib/store/bus/event-bus.ts";
import { eventItemsIn, feedStreamed, type WireItem } from "../../lib/store/events/feed-stream.ts";
import { environmentAccess } from "../../lib/store/table/wire/access.ts";
import { eventDocument } from "../history/document.ts";

/** A batch of the table's stream, as Lambda delivers it. */
export interface StreamBatch {
  readonly Records: readonly {
    /** Absent: an item was deleted. */
    readonly dynamodb: { readonly NewImage?: WireItem | undefined };
  }[];
}

const input: z.ZodType<StreamBatch> = z.looseObject({
  Records: z
    .array(
      z.looseObject({
        dynamodb: z.looseObject({
          NewImage: z.custom<WireItem>((image) => typeof image === "object").optional(),
        }),
      }),
    )
    .max(10_000),
});

export interface FeedReport {
  /** Events of the batch. */
  readonly events: number;
}

/** @param bus to which events are handed on; undefined: there is none */
export function feedEventsTo(bus: EventBus | undefined): Task<StreamBatch, FeedReport> {
  return defineTask<StreamBatch, FeedReport>({
    id: "maintenance/feed-events",
    summary: "Bring what the table's stream tells into the feed of events, and onto the bus",
    access: ["GetItem", "BatchGetItem", "PutItem", "UpdateItem"],
    input,
    async run({ Records: records }, { store, clock, measured }) {
      const images = records.flatMap(({ dynamodb: { NewImage: image } }): WireItem[] =>
        image === undefined ? [] : [image],
      );
      const { events, lag } = await feedStreamed(store, eventItemsIn(images, clock.now()));
      measured({ EventsFed: events.length, ...(events.length > 0 && { FeedLag: lag }) });
      const handed = events.map((event) => ({
        event: event.event,
        document: eventDocument(event, { seesAll: true }),
        time: event.time,
      }));
      await bus?.put(handed, store.deadline);
      return { events: events.length };
    },
  });
}

/** For lists, where no bus is known. */
export const feedEvents = feedEventsTo(undefined);

const EVENTBRIDGE = { host: "events", variable: "AWS_ENDPOINT_URL_EVENTBRIDGE" } as const;

/** The bus that the function's environment names. */
function deployedBus(environment: Readonly<Record<string, string | undefined>>) {
  const name = environment["EVENT_BUS"];
  if (name === undefined || name === "") return undefined;
  const access = () => environmentAccess(environment, EVENTBRIDGE);
  return eventBus({ name, access, clock: systemClock, random: systemRandom });
}

export const handler = taskLambda(feedEventsTo(deployedBus(process.env)));
