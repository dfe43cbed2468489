/** Large changes, their write intents, and concurrent readers. */

/** @type {import("./list.mjs").Mutation[]} */
export const largeChanges = [
  {
    name: "head-not-raised",
    breaks: "no acknowledged change is missed by a reader of lists",
    file: "lib/store/open-store.ts",
    find: '    if (committed.kind === "done" && !committed.joint) await this.#append(keys);\n',
    replace: "",
    tests: ["test/snapshot/shard-log.test.ts"],
  },
  {
    name: "joint-append-believed",
    breaks: "a change whose joint append was refused appends by a call of its own",
    file: "lib/store/commit.ts",
    find: '{ kind: "done", joint: joint.length > 0 }',
    replace: '{ kind: "done", joint: true }',
    tests: ["test/snapshot/joint-appends.test.ts"],
  },
  {
    name: "shard-log-not-read-again",
    breaks: "a shard log to which joint appends are made is read again after a few of them",
    file: "lib/store/cache/known-log.ts",
    find: "    return this.#joint >= MAX_JOINT;",
    replace: "    return this.#joint < 0;",
    tests: ["test/snapshot/joint-appends.test.ts"],
  },
  {
    name: "base-below-what-was-taken-out",
    breaks: "no entry is taken out of a shard log whose stamp may be above the new base",
    file: "lib/store/cache/known-log.ts",
    find: "  const base = Math.max(...taken.map(([, bound]) => bound));",
    replace: "  const base = Math.min(...taken.map(([, bound]) => bound));",
    tests: ["test/snapshot/known-log.test.ts"],
  },
  {
    name: "joint-append-lowers-base",
    breaks: "the base of a shard log never falls, whoever takes entries out of it",
    file: "lib/store/cache/known-log.ts",
    find: "      atMost(log.base, base),\n",
    replace: "",
    tests: ["test/snapshot/joint-appends.test.ts"],
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
