/** Who sees which events, where there are none, and the client that follows them. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { operations } from "../../functions/index.ts";
import { authToken, overHttp, PlacementClient } from "../../lib/client/index.ts";
import { startApi } from "../support/api.ts";
import { callDirectly } from "../support/direct.ts";
import { eventsPath, feedAll, follow, followAll } from "../support/events-feed.ts";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { claim, claimBody, makeProvider } from "../support/world.ts";

const api = useApi({ events: "left" });
const projects = ["mine", "theirs", "mine"];
const consumers = projects.map(() => randomUUID());
let host: string;

beforeAll(async () => {
  host = await makeProvider(api, { VCPU: 100 });
  for (const [index, consumer] of consumers.entries()) {
    const body = { ...claimBody({ [host]: { VCPU: 1 } }, null), project_id: projects[index] };
    expect((await api.request("PUT", `/allocations/${consumer}`, { body })).status).toBe(204);
  }
  await feedAll(api);
});

const subjects = (events: readonly { readonly subject: string }[]) =>
  events.map(({ subject }) => subject);
const [first = "", other = "", last = ""] = consumers;

test("administrators and services see all events, and who has caused them", async () => {
  for (const roles of ["admin", "service"]) {
    const { events } = await follow(api, "", { token: "root:elsewhere", roles });
    expect(new Set(subjects(events))).toEqual(new Set([host, ...consumers]));
    for (const { caller } of events) expect(caller).toEqual({ kind: "headers", user: "admin" });
  }
});

test("a project's reader sees those of its own consumers, and not who has caused them", async () => {
  const mine = { token: "someone:mine", roles: "reader" };
  const { events, next } = await follow(api, "", mine);
  expect(new Set(subjects(events))).toEqual(new Set([first, last]));
  for (const each of events) expect(each).not.toHaveProperty("caller");
  expect((await follow(api, `?after=${next}`, mine)).events).toEqual([]);
  expect((await follow(api, `?subject=${other}`, mine)).events).toEqual([]);
  expect((await follow(api, "?project=theirs", mine)).events).toEqual([]);
  // Its cursor is everybody's.
  expect((await follow(api, `?after=${next}`)).events).toEqual([]);
});

test("others see none", async () => {
  const answer = await api.request("GET", "/events", { token: "someone:mine", roles: "nobody" });
  expectRefusal(answer, {
    status: 403,
    message: "Policy does not allow placement:events:list to be performed.",
  });
});

test("a project's events are asked for by its name", async () => {
  expect(subjects((await follow(api, "?project=theirs")).events)).toEqual([other]);
  expect(
    subjects((await followAll(api, { limit: 1, more: "&project=mine" })).events).sort(),
  ).toEqual([first, last].sort());
});

test.each([{ historyDays: 0 }, { events: false }])(
  "with %o it is refused",
  async (configuration) => {
    const without = await startApi({ configuration, events: "left" });
    try {
      const provider = await makeProvider(without, { VCPU: 1 });
      await claim(without, randomUUID(), { [provider]: { VCPU: 1 } });
      expectRefusal(await without.request("GET", eventsPath()), {
        status: 404,
        code: "placement.events.off",
      });
      expect((await without.items()).filter(({ pk }) => pk === "PENDING")).toEqual([]);
    } finally {
      await without.close();
    }
  },
);

test("events are followed by direct invocation, too", async () => {
  const operation = operations.find(({ id }) => id === "events/follow");
  if (operation === undefined) throw new Error("no operation");
  const request = { version: "1.39", parameters: { subject: first } } as const;
  const answer = await callDirectly(api, operation, request);
  expect(answer).toMatchObject({ status: 200, body: { events: [{ subject: first }] } });
});

describe("the client", () => {
  const client = () =>
    new PlacementClient({
      transport: overHttp({ url: api.url, credentials: authToken("admin") }),
      version: "1.0",
    });

  test("iterates to the end, and its cursor never passes an event that was not handled", async () => {
    const feed = client().events({ wait: 0, limit: 2 });
    const seen: string[] = [];
    let cursor: string | undefined;
    for await (const { id } of feed) {
      seen.push(id);
      if (seen.length === 3) {
        cursor = feed.cursor;
        break;
      }
    }
    const rest: string[] = [];
    for await (const { id } of client().events({ wait: 0, after: cursor })) rest.push(id);
    const all = (await followAll(api)).events.map(({ id }) => id);
    expect(seen).toEqual(all.slice(0, 3));
    expect(rest).toEqual(all.slice(2));
    expect(feed.cursor).toBe(cursor);
  });

  test("goes on with what comes, until it is told to end", async () => {
    const { next } = await followAll(api);
    const end = new AbortController();
    const feed = client().events({ after: next, wait: 1, signal: end.signal });
    const consumer = randomUUID();
    await claim(api, consumer, { [host]: { VCPU: 1 } });
    await feedAll(api);
    const seen: string[] = [];
    for await (const { subject } of feed) {
      seen.push(subject);
      end.abort();
    }
    expect(seen).toEqual([consumer]);
  });
});
