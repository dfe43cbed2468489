/** Large changes, their write intents, and concurrent readers. */

/** @type {import("./list.mjs").Mutation[]} */
export const largeChanges = [
  {
    name: "head-not-raised",
    breaks: "no acknowledged change is missed by a reader of lists",
    file: "lib/store/open-store.ts",
    find: '    if (committed.kind === "done") await this.#append(keys);\n',
    replace: "",
    tests: ["test/snapshot/shard-log.test.ts"],
  },
  {
    name: "held-log-not-appended-to",
    breaks: "a process that holds the shard logs misses none of its own changes",
    file: "lib/store/cache/appender.ts",
    find: "  heldLogs.append(providersByLog(keys));\n",
    replace: "",
    tests: ["test/snapshot/held-logs.test.ts"],
  },
  {
    name: "held-log-forgets-its-base",
    breaks: "a log in memory that forgot names says so to its readers",
    file: "lib/store/cache/held-logs.ts",
    find: "    base = stamp;\n",
    replace: "    base = Math.min(base, stamp);\n",
    tests: ["test/snapshot/shard-log-model.test.ts"],
  },
  {
    name: "no-mark-clause",
    breaks: "no other write changes an item with the intent of an unfinished large change",
    file: "lib/store/table/expressions.ts",
    find: "    write.intentOf === undefined ? absent(INTENT) : equals(INTENT_CHANGE, write.intentOf);",
    replace:
      '    write.intentOf === undefined ? absent("never") : equals(INTENT_CHANGE, write.intentOf);',
    tests: ["test/large-changes/write-intents.test.ts"],
  },
  {
    name: "marking-asks-no-record",
    breaks: "no intent is written by a change that was aborted",
    file: "lib/store/large-changes/write-intents.ts",
    find: "    const writes = [stillPending(change), ...waiting.map(({ write }) => write)];",
    replace:
      "    const writes = [{ ...stillPending(change), when: [] }, ...waiting.map(({ write }) => write)];",
    tests: ["test/large-changes/abort.test.ts"],
  },
  {
    name: "half-of-a-large-change",
    breaks: "no answer shows half of a large change",
    file: "lib/store/cache/commit-count.ts",
    find: "      if (now === before) return result;",
    replace: "      if (now >= 0) return result;",
    tests: ["test/large-changes/answers.test.ts"],
  },
  {
    name: "commit-index-read-again",
    breaks: "a search of providers that nobody changed is one call",
    file: "lib/store/open-store.ts",
    find: "    return commits.unchangedDuring(this.#table, () => read(this, logged), commitsOf);",
    replace:
      "    return commits.unchangedDuring(this.#table, () => read(this, logged), () => undefined);",
    tests: ["test/costs/costs.test.ts"],
    only: "candidates, `limit=1`",
  },
  {
    name: "decision-from-any-state",
    breaks: "a large change that was aborted is not committed",
    file: "lib/store/large-changes/records.ts",
    find: '    changes: [set(changeRecord.state, state)],\n    when: [equals(changeRecord.state, "pending")],',
    replace: "    changes: [set(changeRecord.state, state)],\n    when: [],",
    tests: ["test/large-changes/hazards.long.test.ts", "test/large-changes/death.long.test.ts"],
  },
];
