/** Dashboard and alarms. */

/** @type {import("./list.mjs").Mutation[]} */
export const monitoring = [
  {
    name: "alarms-of-the-table-never-end",
    breaks: "an alarm of the table's throttles ends when DynamoDB counts none any more",
    file: "infra/monitoring/alarm-metrics.ts",
    find: "metrics.map((_, index) => `FILL(m${index}, 0)`)",
    replace: "metrics.map((_, index) => `m${index}`)",
    tests: ["test/monitoring/alarms.test.ts"],
    only: "throttles of the table",
  },
  {
    name: "missing-sweep-is-quiet",
    breaks: "a sweep that never ran raises an alarm",
    file: "infra/monitoring/alarms.ts",
    find: "rule.missing ? TreatMissingData.BREACHING",
    replace: "rule.missing ? TreatMissingData.NOT_BREACHING",
    tests: ["test/monitoring/alarms.test.ts"],
    only: "so does one that never ran",
  },
  {
    name: "alarm-without-action",
    breaks: "every alarm tells the topic",
    file: "infra/monitoring/alarms.ts",
    find: "    alarm.addOkAction(action);\n",
    replace: "",
    tests: ["test/monitoring/monitoring.test.ts"],
    only: "tells the topic",
  },
  {
    name: "alarm-without-section",
    breaks: "every alarm links to its section of the runbook, those of a rollout too",
    file: "infra/rollout-alarms.ts",
    find: 'const SECTION = "rollout-N";',
    replace: 'const SECTION = "rollback-N";',
    tests: ["test/monitoring/runbook.test.ts"],
  },
];
