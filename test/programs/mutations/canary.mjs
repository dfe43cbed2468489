/** The canary. */

/** @type {import("./list.mjs").Mutation[]} */
export const canary = [
  {
    name: "canary-looks-once",
    breaks: "a run of the canary that was overtaken leaves the claim of the other one",
    file: "lib/store/maintenance/canary/clean.ts",
    find: "      requireAbandoned(store, consumer, await readProvider(store, CANARY.provider));\n",
    replace: "",
    tests: ["test/maintenance/canary-races.test.ts"],
    only: "was overtaken",
  },
  {
    name: "canary-takes-no-turns",
    breaks: "runs of the canary at once do not make each other fail",
    file: "lib/store/maintenance/canary/run.ts",
    find: "throw owner === undefined || owner === provider ? new AnotherRun() : error;",
    replace: "throw error;",
    tests: ["test/maintenance/canary-races.test.ts"],
    only: "of runs at once",
  },
  {
    name: "canary-hides-its-failures",
    breaks: "a canary that meets a fault raises its alarm",
    file: "functions/maintenance/canary.ts",
    find: "measured({ CanaryRuns: 1, CanaryFailures: 1 });",
    replace: "measured({ CanaryRuns: 1 });",
    tests: ["test/monitoring/canary-alarm.test.ts"],
  },
];
