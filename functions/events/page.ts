/** The events that a request asks for; waits for some if there are none. */
import type { Answer } from "../../lib/api/answer.ts";
import type { OperationRequest, Services } from "../../lib/api/operation.ts";
import { uuidParameter } from "../../lib/api/path-parameters.ts";
import { InvalidQuery } from "../../lib/api/refusals.ts";
import { cursorOf, cursorText, type FeedCursor } from "../../lib/model/feed-cursor.ts";
import type { RecordedEvent } from "../../lib/model/history/event.ts";
import { EventsOff } from "../../lib/model/refusals/events.ts";

import { type FeedPage, type FeedRequest, readFeed } from "../../lib/store/events/read.ts";
import { FEED_PARTITIONS } from "../../lib/store/items/feed.ts";
import { eventDocument } from "../history/document.ts";
import { DEFAULT_PAGE, MAX_PAGE } from "../shared/paging.ts";

type Request = Pick<OperationRequest, "query" | "permits">;

/** @throws EventsOff, InvalidQuery, OtherEpoch, CursorExpired, TooManyWaiting */
export async function eventsPage(request: Request, services: Services): Promise<Answer> {
  const { historyDays, events } = services.configuration;
  if (historyDays === 0 || !events) throw new EventsOff();
  const seesAll = request.permits({});
  const { wait = "0" } = request.query.last();
  const page = await following(feedRequest(request, seesAll), services, Number(wait) * 1_000);
  return {
    status: 200,
    body: {
      events: page.events.map((event) => eventDocument(event, { seesAll })),
      next: cursorText(page.next),
    },
    lastModified: services.clock.now(),
  };
}

function feedRequest({ query, permits }: Request, seesAll: boolean): FeedRequest {
  const { subject, project, since, after, limit } = query.last();
  const from = since === undefined ? undefined : Date.parse(since);
  const isPermitted = (owner: string | null) =>
    seesAll || (owner !== null && permits({ project_id: owner }));
  return {
    cursor: after === undefined ? undefined : cursorFrom(after),
    since: from,
    subject: subject === undefined ? undefined : uuidParameter(subject),
    limit: Math.min(Number(limit ?? DEFAULT_PAGE), MAX_PAGE),
    shows: ({ project: owner, time }: RecordedEvent) =>
      (from === undefined || time >= from) &&
      (project === undefined || owner === project) &&
      isPermitted(owner),
  };
}

function cursorFrom(text: string): FeedCursor {
  const cursor = cursorOf(text, FEED_PARTITIONS);
  if (cursor === undefined) throw new InvalidQuery("'after' is no cursor of events");
  return cursor;
}

/** @param wait milliseconds */
async function following(
  request: FeedRequest,
  { store, clock, feed }: Services,
  wait: number,
): Promise<FeedPage> {
  const read = (cursor: FeedCursor | undefined) =>
    store.list((reader) => readFeed(reader, { ...request, cursor }));
  const until = clock.now() + wait;
  let page = await read(request.cursor);
  const isEnough = () => page.events.length > 0 || page.more || feed.ended || clock.now() >= until;
  if (isEnough()) return page;
  const leave = feed.enter();
  try {
    while (!isEnough()) {
      await feed.next(until - clock.now());
      page = await read(page.next);
    }
    return page;
  } finally {
    leave();
  }
}
