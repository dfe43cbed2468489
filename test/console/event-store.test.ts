/** The console's feed: shown once each, the newest first; lost, refused and begun anew. */
import { describe, expect, test } from "vitest";
import { EventStore } from "../../console/data/event-store.ts";
import { platformClock } from "../../lib/client/platform.ts";
import { answering, clientOf } from "../support/client.ts";
import { useApi } from "../support/frame.ts";
import { until } from "../support/until.ts";
import { claim, makeHost } from "./support/world.ts";

const api = useApi({ events: "fed" });

/** Pauses take no time, so that tests do not wait for the next try. */
const clock = { ...platformClock, sleep: () => new Promise<void>((done) => setImmediate(done)) };

const isOfFeed = ({ url }: { readonly url: string }) => url.includes("/events");

const refusal = (status: number, code: string) => () =>
  new Response(JSON.stringify({ errors: [{ status, code, title: "", detail: "refused" }] }), {
    status,
    headers: { "content-type": "application/json" },
  });

describe("the feed", () => {
  test("brings what happened before, and what happens", async () => {
    const { client } = clientOf(api.url);
    const host = await makeHost(api, "followed", { VCPU: 8 });
    const events = new EventStore(client, clock);
    void events.follow();
    await until("it is live", () => (events.state.value === "live" ? true : undefined));
    await until("the host's creation", () =>
      events.events.value.find(({ subject }) => subject === host),
    );
    const heard: string[] = [];
    events.listen((all) => heard.push(...all.map(({ subject }) => subject)));
    const consumer = await claim(api, host, { VCPU: 1 });
    await until("the claim", () => (heard.includes(consumer) ? true : undefined));
    expect(events.events.value[0]?.subject).toBe(consumer);
    const ids = events.events.value.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    events.end();
  });

  test.each([
    [404, "placement.events.off", "off"],
    [403, "placement.undefined_code", "forbidden"],
  ])("that is answered %i %s is %s, and is not asked for again", async (status, code, state) => {
    const { client, sent } = clientOf(api.url, answering(9, refusal(status, code), isOfFeed));
    const events = new EventStore(client, clock);
    await events.follow();
    expect([events.state.value, sent.length]).toEqual([state, 1]);
  });

  test("that is lost is followed again; with an expired cursor from the beginning", async () => {
    const expired = refusal(410, "placement.events.cursor_expired");
    const { client, sent } = clientOf(
      api.url,
      answering(1, expired, ({ url }) => url.includes("after=")),
    );
    const events = new EventStore(client, clock);
    void events.follow();
    const parameters = () => sent.map(({ url }) => new URL(url).searchParams);
    await until("it begins anew", () =>
      parameters().filter((each) => each.has("since") && !each.has("after")).length >= 2 &&
      events.state.value === "live"
        ? true
        : undefined,
    );
    expect(parameters().some((each) => each.has("after"))).toBe(true);
    events.end();
  });
});
