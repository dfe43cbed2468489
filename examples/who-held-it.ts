/** Who held something at a moment, who released it and why: the history of a consumer, read to its end. */
import { authToken, type Fetch, overHttp, PlacementClient } from "serverless-placement/client";

type Environment = Readonly<Record<string, string | undefined>>;

/** What a consumer held, from one change of it to the next. */
export interface Held {
  readonly from: string;
  /** Null: it still holds it. */
  readonly until: string | null;
  /** Whose it was. */
  readonly project: string;
  readonly hosts: readonly string[];
  /** Who ended it, and why; null: nobody yet, or a task. */
  readonly endedBy: string | null;
  readonly cause: string | null;
}

/** 1,000 events are on each. */
const MAX_PAGES = 1_000;

/** @returns in the order of time; changes before `completeSince` may be missing, null: all may */
export async function main(environment: Environment, fetch: Fetch = globalThis.fetch) {
  const { PLACEMENT_URL = "http://127.0.0.1:8778", SERVER = "" } = environment;
  const transport = overHttp({ url: PLACEMENT_URL, credentials: authToken("admin"), fetch });
  const client = new PlacementClient({ transport, version: "1.39" });
  const held: Held[] = [];
  let hosts = new Set<string>();
  let marker: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { body } = await client.call("history/show-by-consumer", {
      parameters: { consumer_uuid: SERVER, limit: "1000", ...(marker && { marker }) },
    });
    for (const event of body.events) {
      const last = held.at(-1);
      if (last !== undefined && last.until === null) {
        const ended = {
          until: event.time,
          endedBy: event.caller?.user ?? null,
          cause: event.cause,
        };
        held[held.length - 1] = { ...last, ...ended };
      }
      const { before = null, after = null } = event.changes.allocations ?? {};
      if (event.generation_before === null) hosts = new Set();
      for (const host of Object.keys(before ?? {})) hosts.delete(host);
      for (const host of Object.keys(after ?? {})) hosts.add(host);
      if (event.generation_after === null || hosts.size === 0) continue;
      const open = { until: null, endedBy: null, cause: null };
      held.push({ from: event.time, project: event.project_id, hosts: [...hosts], ...open });
    }
    if (body.next_marker === null) return { held, completeSince: body.complete_since };
    marker = body.next_marker;
  }
  throw new Error(`the history of ${SERVER} does not end`);
}
