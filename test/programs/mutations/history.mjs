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
  {
    name: "provider-events-without-order",
    breaks: "changes of a provider within one millisecond stand in their order",
    file: "lib/store/items/event.ts",
    find: "`${digits(plan).slice(-PLAN_DIGITS)}-${operation}`",
    replace: "operation",
    tests: ["test/history/providers.test.ts"],
    only: "changes within one millisecond",
  },
  {
    name: "answer-dated-at-the-commit",
    breaks: "a repeat of new aggregates tells the time that the first answer told",
    file: "lib/store/providers/aggregates.ts",
    find: "        return replaced;",
    replace: "        return { ...replaced, updated: store.clock.now() };",
    tests: ["test/idempotency/faults.test.ts"],
    only: "after the write is made good, and a repeat is answered alike",
  },
];
