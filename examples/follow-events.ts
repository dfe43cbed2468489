/** Prints what changes, as it changes, and goes on where it was: its place is in a file. */
import { readFile, writeFile } from "node:fs/promises";
import {
  authToken,
  type FeedEvent,
  isRefusal,
  overHttp,
  PlacementClient,
} from "serverless-placement/client";

export interface Place {
  /** Undefined: from what is kept. */
  load(): Promise<string | undefined>;
  save(cursor: string): Promise<void>;
}

export interface Follower {
  readonly client: PlacementClient;
  readonly place: Place;
  /** May see an event twice, by its id. */
  handle(event: FeedEvent): Promise<void>;
  /** What the follower knows is of another past, or too old: reads what there is now. */
  readAll(): Promise<void>;
  readonly signal?: AbortSignal;
}

/** Follows for ever, or until `signal` ends it. */
export async function follow({ client, place, handle, readAll, signal }: Follower): Promise<void> {
  let after = await place.load();
  while (signal?.aborted !== true) {
    const feed = client.events({ after, ...(signal && { signal }) });
    try {
      for await (const event of feed) {
        await handle(event);
        if (feed.cursor !== undefined) await place.save(feed.cursor);
      }
      // The signal has ended it, and all that was asked for is handled.
      after = feed.cursor;
      if (after !== undefined) await place.save(after);
    } catch (error) {
      const codes = ["placement.events.cursor_expired", "placement.events.other_epoch"] as const;
      if (!isRefusal(error, ...codes)) throw error;
      await readAll();
      after = undefined;
    }
  }
}

export const fileOf = (path: string): Place => ({
  load: () => readFile(path, "utf8").catch(() => undefined),
  save: (cursor) => writeFile(path, cursor),
});

/** @param environment `PLACEMENT_URL`, and `CURSOR`: the file with the place */
export async function main(
  environment: Readonly<Record<string, string | undefined>>,
  print: (line: string) => void = console.log,
  signal?: AbortSignal,
): Promise<void> {
  const { PLACEMENT_URL: url = "http://127.0.0.1:8778", CURSOR: path = ".events-cursor" } =
    environment;
  const transport = overHttp({ url, credentials: authToken("admin") });
  await follow({
    client: new PlacementClient({ transport, version: "1.39" }),
    place: fileOf(path),
    handle: async ({ time, event, subject, cause }) =>
      print(`${time} ${event} ${subject} ${cause}`),
    readAll: async () => print("the place was lost: reading what there is now"),
    ...(signal && { signal }),
  });
}
