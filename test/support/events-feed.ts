/** Requests for events, and what the feed has. */
import { expect } from "vitest";
import { feedPending } from "../../lib/store/events/feed-pending.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import type { Api, RequestOptions } from "./api.ts";
import type { ShownEvent } from "./history.ts";
import type { Requester } from "./world.ts";

export interface Followed {
  readonly events: readonly ShownEvent[];
  readonly next: string;
}

export const eventsPath = (query = ""): string => `/events${query}`;

export async function follow(
  { request }: Requester,
  query = "",
  options: RequestOptions = {},
): Promise<Followed> {
  const { status, body } = await request("GET", `/events${query}`, options);
  expect([status, body]).toEqual([200, expect.anything()]);
  return body;
}

/** All events from `after` on, by pages of `limit`, and where they end. */
export async function followAll(
  requester: Requester,
  { after, limit = 100, more = "" }: { after?: string; limit?: number; more?: string } = {},
): Promise<Followed> {
  const events: ShownEvent[] = [];
  let next = after;
  for (let page = 0; page < 1_000; page += 1) {
    const cursor = next === undefined ? "" : `&after=${next}`;
    const found = await follow(requester, `?limit=${limit}${more}${cursor}`);
    if (found.events.length === 0 && found.next === next) return { events, next: found.next };
    events.push(...found.events);
    next = found.next;
  }
  throw new Error("the feed does not end");
}

/** Brings all that is left into the feed; returns how many events that were. */
export async function feedAll({
  runtime,
  pending,
}: Pick<Api, "runtime" | "pending">): Promise<number> {
  let fed = 0;
  for (let round = 0; round < 1_000; round += 1) {
    const deadline = runtime.clock.now() + 10_000;
    const store = runtime.openStore({ access: WRITING, deadline });
    const { events, more } = await feedPending(store, pending);
    fed += events;
    if (!more) return fed;
  }
  throw new Error("what is left does not end");
}

/** The events of each subject, in the order of the feed. */
export function bySubject(events: readonly ShownEvent[]): Map<string, ShownEvent[]> {
  const subjects = new Map<string, ShownEvent[]>();
  for (const each of events) {
    const known = subjects.get(each.subject);
    if (known === undefined) subjects.set(each.subject, [each]);
    else known.push(each);
  }
  return subjects;
}
