/** The page of a history that a request asks for. */
import type { Answer } from "../../lib/api/answer.ts";
import type { OperationRequest, Services } from "../../lib/api/operation.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import { completeSince, readEvents } from "../../lib/store/history/read.ts";
import { markerOf, pageOf } from "../shared/paging.ts";
import { eventDocument } from "./document.ts";

/** The place of an event: times, ids and generations. */
const PLACE = /^[0-9]{16}#[0-9a-zA-Z-]{1,64}(?:#[0-9]{16}(?:#[a-z]{1,16}(?:#[0-9a-z-]{1,64})?)?)?$/;

export interface Subject {
  readonly of: "consumer" | "provider";
  readonly subject: Uuid;
}

/**
 * An unknown subject has no events, like one whose events the caller may not see: the answer does
 * not tell which.
 * @throws InvalidQuery
 */
export async function historyPage(
  given: Subject,
  { query, permits }: Pick<OperationRequest, "query" | "permits">,
  { store, clock, configuration }: Services,
): Promise<Answer> {
  const { from, to } = query.last();
  const seesAll = permits({});
  const page = {
    ...given,
    ...pageOf(query, PLACE),
    from: from === undefined ? undefined : Date.parse(from),
    to: to === undefined ? undefined : Date.parse(to),
    shows: ({ project }: { readonly project: string | null }) =>
      seesAll || (project !== null && permits({ project_id: project })),
  };
  const [{ events, next }, since] = await Promise.all([
    store.list((reader) => readEvents(reader, page)),
    completeSince(store, configuration.historyDays),
  ]);
  const body = {
    events: events.map((event) => eventDocument(event, { seesAll })),
    next_marker: markerOf(next),
    complete_since: since === undefined ? null : new Date(since).toISOString(),
  };
  return { status: 200, body, lastModified: clock.now() };
}
