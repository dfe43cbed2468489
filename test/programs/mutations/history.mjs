/** Events and histories. */

/** @type {import("./list.mjs").Mutation[]} */
export const history = [
  {
    name: "release-without-its-event",
    breaks: "every change writes its event",
    file: "lib/store/allocations/claims.ts",
    find: "    changed: allocationsChanged(planned),\n",
    replace: "",
    tests: ["test/history/consumers.test.ts"],
  },
  {
    name: "callers-shown-to-everybody",
    breaks: "a project's reader does not see who has caused an event",
    file: "functions/history/document.ts",
    find: "    ...(seesAll && { caller: event.caller }),",
    replace: "    caller: event.caller,",
    tests: ["test/history/policy.test.ts"],
  },
  {
    name: "expired-events-shown",
    breaks: "an event is shown for as many days as are configured, whenever DynamoDB deletes it",
    file: "lib/store/history/read.ts",
    find: " || eventKeptUntil(item) <= now",
    replace: " || eventKeptUntil(item) <= 0 * now",
    tests: ["test/history/reads.test.ts"],
  },
];
