/**
 * Deliberate breaks, one at a time: each has to be caught by the tests that it
 * names. `find` occurs exactly once in `file`; where it no longer does, the break
 * has to be written anew. See docs/reliability.md, "Mutations".
 *
 * @typedef {object} Mutation
 * @property {string} name
 * @property {string} breaks the invariant, in words
 * @property {string} file
 * @property {string} find
 * @property {string} replace
 * @property {string[]} tests files
 * @property {string} [only] a pattern of the names of tests, where a file is long
 */

/** @type {Mutation[]} */
export const MUTATIONS = [
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
    find: "      equals(hot.stepSize(id), context.steps.get(change.provider)?.get(id) ?? 1),\n",
    replace: "",
    tests: ["test/concurrency/lives.test.ts"],
  },
  {
    name: "token-of-each-attempt",
    breaks: "a lost answer never makes a success look like a refusal",
    file: "lib/store/transact.ts",
    find: "send(new TransactWriteCommand(this.#input))",
    replace:
      "send(new TransactWriteCommand({ ...this.#input, ClientRequestToken: this.#context.random.uuid() }))",
    tests: ["test/store/deadlines.test.ts"],
  },
  {
    name: "no-token",
    breaks: "every write carries a token",
    file: "lib/store/transact.ts",
    find: "      ClientRequestToken: context.random.uuid(),\n",
    replace: "",
    tests: ["test/store/deadlines.test.ts"],
  },
  {
    name: "lost-answer-is-failure",
    breaks: "an unknown outcome is told as unknown",
    file: "lib/store/transact.ts",
    find: 'if (fault.kind === "ambiguous" || fault.kind === "in_progress") this.#uncertain = true;',
    replace: 'if (fault.kind === "ambiguous") throw new Busy();',
    tests: ["test/store/lost-answers.test.ts"],
  },
  {
    name: "conflict-is-success",
    breaks: "no write is acknowledged that was not made",
    file: "lib/store/transact.ts",
    find: '        if (fault.kind === "too_large") throw new ItemTooLarge();\n',
    replace:
      '        if (fault.kind === "conflict") return { kind: "done" };\n        if (fault.kind === "too_large") throw new ItemTooLarge();\n',
    tests: ["test/store/deadlines.test.ts"],
  },
  {
    name: "cut-answer-is-refusal",
    breaks: "an answer that cannot be read says nothing about what was done",
    file: "lib/store/faults.ts",
    find: " || isUnreadable(error)",
    replace: "",
    tests: ["test/store/deadlines.test.ts"],
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
  {
    name: "free-from-a-read",
    breaks: "free capacity is the rest, whatever was released meanwhile",
    file: "lib/store/inventory-writes.ts",
    find: "  const free = setDifference(hot.free(id), capacityOf(to), hot.used(id));",
    replace:
      "  const free = set(hot.free(id), capacityOf(to) - (from as unknown as { used: number }).used);",
    tests: ["test/concurrency/lives.test.ts"],
  },
  {
    name: "no-provider-generation",
    breaks: "of writers that name one generation of a provider one wins",
    file: "lib/store/inventory-writes.ts",
    find: "      when: [equals(hot.generation, from.generation), ...part.when],",
    replace: "      when: [...part.when],",
    tests: ["test/concurrency/claims.test.ts"],
    only: "replace inventories",
  },
  {
    name: "head-not-raised",
    breaks: "no acknowledged change is missed by a reader of lists",
    file: "lib/store/open-store.ts",
    find: '    if (outcome.kind === "done") await this.raiseHeads(keys);\n',
    replace: "",
    tests: ["test/store/heads.test.ts"],
  },
  {
    name: "no-mark-clause",
    breaks: "no write passes the mark of an unfinished large change",
    file: "lib/store/write.ts",
    find: "  const mark = write.marked === undefined ? absent(MARK) : equals(MARK_CHANGE, write.marked);",
    replace:
      '  const mark = write.marked === undefined ? absent("never") : equals(MARK_CHANGE, write.marked);',
    tests: ["test/store/marks.test.ts"],
  },
  {
    name: "marking-asks-no-record",
    breaks: "nothing is marked by a change that was aborted",
    file: "lib/store/two-phase/mark-items.ts",
    find: "    const writes = [stillPending(change), ...waiting.map(({ write }) => write)];",
    replace:
      "    const writes = [{ ...stillPending(change), when: [] }, ...waiting.map(({ write }) => write)];",
    tests: ["test/concurrency/large-abort.test.ts"],
  },
  {
    name: "half-of-a-large-change",
    breaks: "no answer shows half of a large change",
    file: "lib/store/open-store.ts",
    find: "      if (now === before) return result;",
    replace: "      if (now >= 0) return result;",
    tests: ["test/concurrency/large-answers.test.ts"],
  },
  {
    name: "decision-from-any-state",
    breaks: "a large change that was aborted is not committed",
    file: "lib/store/two-phase/records.ts",
    find: '    changes: [set(["s"], state)],\n    when: [equals(["s"], "pending")],',
    replace: '    changes: [set(["s"], state)],\n    when: [],',
    tests: ["test/concurrency/large-hazards.test.ts", "test/concurrency/large-death.test.ts"],
  },
  {
    name: "deletion-of-a-class-in-use",
    breaks: "a class that is used is not deleted",
    file: "lib/store/custom-names.ts",
    find: '  const when = [equals(["id"], known.id), equals(["users"], 0)];',
    replace: '  const when = [equals(["id"], known.id)];',
    tests: ["test/concurrency/classes.test.ts"],
  },
  {
    name: "use-of-any-class",
    breaks: "a class that was deleted and made again is another one",
    file: "lib/store/custom-uses.ts",
    find: '    const when = [equals(["id"], id)];',
    replace: '    const when = [equals(["id"], id)].slice(1);',
    tests: ["test/concurrency/classes.test.ts"],
  },
  {
    name: "ids-given-twice",
    breaks: "the id of a custom name is never used again",
    file: "lib/store/custom-names.ts",
    find: '      changes: [add(["version"], 1), set(["next"], nextId + ids)],\n      when: [equals(["version"], version)],',
    replace: '      changes: [add(["version"], 1), set(["next"], nextId + ids)],\n      when: [],',
    tests: ["test/concurrency/classes.test.ts", "test/concurrency/large-names.test.ts"],
  },
  {
    name: "stale-root",
    breaks: "all providers below a moved one get its root",
    file: "lib/store/update-provider.ts",
    find: "          profileWrites(other, { changes: rootChange(move.root), now }),",
    replace: "          profileWrites(other, { changes: rootChange(other.profile.root), now }),",
    tests: ["test/concurrency/trees.test.ts"],
  },
  {
    name: "no-tree-version",
    breaks: "no two moves make a cycle",
    file: "lib/store/update-provider.ts",
    find: "      changes: [...changes, add(tree.version, 1)],\n      when: [equals(tree.version, source.version)],",
    replace: "      changes: [...changes, add(tree.version, 1)],\n      when: [],",
    tests: ["test/concurrency/trees.test.ts"],
  },
  {
    name: "moved-between-two-readings",
    breaks: "a provider that moved while it was read is read again",
    file: "lib/store/update-provider.ts",
    find: "  if (source.parents.get(found.state.uuid) !== parent) {",
    replace: "  if (source.parents.size === 0) {",
    tests: ["test/concurrency/trees.test.ts"],
    only: "becomes a root",
  },
  {
    name: "parent-may-be-gone",
    breaks: "a provider's parent is in its tree",
    file: "lib/store/create-provider.ts",
    find: "      when: [exists(...tree.parent(parent)), sizeBelow(tree.parents, MAX_TREE_SIZE)],",
    replace: '      when: [exists("pk"), sizeBelow(tree.parents, MAX_TREE_SIZE)],',
    tests: ["test/concurrency/trees.test.ts"],
  },
  {
    name: "deletion-of-a-provider-in-use",
    breaks: "a provider that is held is not deleted",
    file: "lib/store/delete-provider.ts",
    find: "        when: [equals(hot.consumers, 0), equals(hot.generation, state.generation)],",
    replace: "        when: [],",
    tests: ["test/concurrency/trees.test.ts"],
  },
  {
    name: "name-not-guarded",
    breaks: "no two providers have one name",
    file: "lib/store/update-provider.ts",
    find: '    guard({ kind: "put", item: nameItem(name, state.uuid), when: [absent("pk")] }, () =>',
    replace: '    guard({ kind: "put", item: nameItem(name, state.uuid), when: [] }, () =>',
    tests: ["test/concurrency/trees.test.ts", "test/concurrency/tree-storm.test.ts"],
  },
  {
    name: "verifier-looks-once",
    breaks: "a table in use gives no false alarm",
    file: "lib/store/verify/confirm.ts",
    find: "    if (all && isDeepStrictEqual(before, await store.stored.settled(accused))) {",
    replace: "    if (all && isDeepStrictEqual(before, before)) {",
    tests: ["test/verify/verify-in-use.test.ts"],
  },
  {
    name: "verifier-overlooks-use",
    breaks: "use that is not the sum of what is held is found",
    file: "lib/store/verify/rules/hot.ts",
    find: "  if (used !== sum) {",
    replace: "  if (used > sum) {",
    tests: ["test/verify/verify-table.test.ts"],
    only: "use that is not the sum",
  },
];
