/** The feed of events. */

/** @type {import("./list.mjs").Mutation[]} */
export const events = [
  {
    name: "feed-skips-an-event",
    breaks: "each event of a committed change comes into the feed",
    file: "lib/store/events/append.ts",
    find: "    const events = part.map(({ event }) => event);",
    replace: "    const events = part.slice(0, 1).map(({ event }) => event);",
    tests: ["test/events/feed.test.ts", "test/events/stream.test.ts"],
  },
  {
    name: "fed-before-the-decision",
    breaks: "nothing of a large change is shown before it is decided",
    file: "lib/store/events/feed-stream.ts",
    find: " || intentOf(item) !== undefined) return [];\n    return eventOf(item).time",
    replace:
      ") return [];\n    if (intentOf(item)?.after !== undefined) return intentOf(item)?.after ?? [];\n    return eventOf(item).time",
    tests: ["test/events/stream.test.ts"],
  },
  {
    name: "fed-and-left",
    breaks: "what was brought into the feed waits for it no longer",
    file: "lib/store/events/feed-pending.ts",
    find: "    return { writes: [...appends, ...removals], result: { events, more, lag } };",
    replace: "    return { writes: appends, result: { events, more, lag } };",
    tests: ["test/events/feed.test.ts"],
  },
  {
    name: "cursor-of-another-epoch",
    breaks: "a cursor from before a restore is refused",
    file: "lib/store/events/read.ts",
    find: "  if (cursor !== undefined && cursor.epoch !== epoch) throw new OtherEpoch();\n",
    replace: "",
    tests: ["test/events/cursors.test.ts"],
  },
  {
    name: "expired-cursor-goes-on",
    breaks: "a follower is told of events that it has missed",
    file: "lib/store/events/following.ts",
    find: "    if (!isKept(first, reader.clock.now())) throw new CursorExpired();\n",
    replace: "",
    tests: ["test/events/cursors.test.ts"],
  },
  {
    name: "batch-fed-twice",
    breaks: "a batch of the stream that is delivered again is not appended twice",
    file: "lib/store/events/feed-stream.ts",
    find: "const LOOK_BACK = 8;",
    replace: "const LOOK_BACK = 0;",
    tests: ["test/events/stream.test.ts"],
  },
];
