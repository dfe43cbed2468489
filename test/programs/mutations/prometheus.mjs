/** What metrics for Prometheus say. */

const METRICS = ["test/prometheus/metrics.test.ts"];
const SIZES = ["test/prometheus/sizes.test.ts"];

/** @type {import("./list.mjs").Mutation[]} */
export const prometheus = [
  {
    name: "labels-without-escapes",
    breaks: "a provider's name cannot end a label or begin a line of metrics",
    file: "lib/model/exposition.ts",
    find: 'value.replaceAll(/[\\\\"\\n]/g, escaped)',
    replace: 'value.replaceAll(/[\\\\"]/g, escaped)',
    tests: METRICS,
    only: "escape",
  },
  {
    name: "parts-overlap",
    breaks: "each provider is in one of N parts, and in no other",
    file: "functions/metrics/parts.ts",
    find: "hashOf(uuid) % count === index - 1",
    replace: "hashOf(uuid) % count >= index - 1",
    tests: METRICS,
    only: "disjoint",
  },
  {
    name: "metrics-of-the-canary",
    breaks: "the canary's provider is no capacity",
    file: "functions/metrics/text.ts",
    find: "name !== undefined && name !== CANARY_CLASS",
    replace: "name !== undefined",
    tests: METRICS,
    only: "canary",
  },
  {
    name: "too-few-parts",
    breaks: "a refusal names so many parts that each fits",
    file: "functions/metrics/parts.ts",
    find: "Math.ceil(count * times * SLACK)",
    replace: "Math.floor(count * times)",
    tests: SIZES,
    only: "complete",
  },
];
