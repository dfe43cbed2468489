/** Claims, and the consumers that make them. */

/** @type {import("./list.mjs").Mutation[]} */
export const claims = [
  {
    name: "no-capacity-clause",
    breaks: "no capacity is exceeded",
    file: "lib/store/claim-writes.ts",
    find: "    if (difference > 0) when.push(atLeast(hot.free(id), difference));\n",
    replace: "",
    tests: ["test/concurrency/claims.test.ts"],
  },
  {
    name: "accept-over-capacity",
    breaks: "a claim over capacity is refused as such",
    file: "lib/model/inventory.ts",
    find: "increase > 0 && increase > inventory.free",
    replace: "increase > 0 && increase > inventory.total * 1e9",
    tests: ["test/api/allocation-refusals.test.ts"],
  },
  {
    name: "no-step-size",
    breaks: "amounts are multiples of the step size at the moment of the write",
    file: "lib/store/claim-writes.ts",
    find: "    ...(changed.length > 0 ? [equals(hot.stepSize(id), step)] : []),\n",
    replace: "    ...(step > 0 ? [] : []),\n",
    tests: ["test/concurrency/lives.test.ts"],
  },
  {
    name: "no-lookup-under-provider",
    breaks: "a consumer is found under its providers",
    file: "lib/store/claim-writes.ts",
    find: '    writes.push(follow({ kind: "put", item, when: [] }));\n  }\n  for (const provider',
    replace: "    void item;\n  }\n  for (const provider",
    tests: ["test/api/provider-allocations.test.ts"],
  },
  {
    name: "project-item-stays",
    breaks: "a consumer is not found under a project that it has left",
    file: "lib/store/claim-writes.ts",
    find: "  if (old !== undefined && (wanted === undefined || keyText(old) !== keyText(wanted))) {",
    replace: "  if (old !== undefined && wanted === undefined) {",
    tests: [
      "test/api/consumers.test.ts",
      "test/api/consumer-changes.test.ts",
      "test/concurrency/storm.test.ts",
    ],
  },
  {
    name: "idle-item-stays",
    breaks: "a consumer that holds something is not among the idle",
    file: "lib/store/claim-writes.ts",
    find: "  if (wasIdle && !nowIdle) {",
    replace: "  if (wasIdle && !nowIdle && after === undefined) {",
    tests: ["test/store/idle-consumers.test.ts", "test/concurrency/storm.test.ts"],
  },
  {
    name: "old-generation-in-lookups",
    breaks: "a consumer's generation stands in its look-up items too",
    file: "lib/store/consumer-records.ts",
    find: "  return [guard(own.write, verdict), ...lookupWrites(before, after)];",
    replace:
      '  return [guard(own.write, verdict), ...lookupWrites(before, after).filter(({ write }) => !("item" in write && write.item.pk.startsWith("ALLOCATIONS#")))];',
    tests: [
      "test/api/consumers.test.ts",
      "test/api/consumer-changes.test.ts",
      "test/concurrency/storm.test.ts",
    ],
  },
  {
    name: "generation-tells-lives",
    breaks: "lives of equal generation are told apart",
    file: "lib/store/claim-writes.ts",
    find: "  const when = [equals(consumer.operation, before.operation)];",
    replace: "  const when = [equals(consumer.generation, before.generation)];",
    tests: ["test/concurrency/lives.test.ts"],
  },
];
