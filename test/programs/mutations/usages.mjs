/** Mutations of the usages of large projects, which a function keeps. */

const CHANGES = ["test/consumers/kept-usages.test.ts"];
const FAULTS = ["test/consumers/kept-usages-faults.test.ts"];
const KEPT = "lib/store/cache/usages/kept-project.ts";

/** @type {import("./list.mjs").Mutation[]} */
export const usages = [
  {
    name: "kept-usages-not-brought-up-to-date",
    breaks: "the usages of a large project are those of its consumers as they are now",
    file: KEPT,
    find: "    for (const [consumer, kept] of changes ?? []) this.#consumers.set(consumer, kept);\n",
    replace: "    void changes;\n",
    tests: CHANGES,
    only: "that is new",
  },
  {
    name: "kept-usages-of-holders-only",
    breaks: "a consumer that left a provider is not counted there any more",
    file: "lib/store/cache/usages/way.ts",
    find: "for (const consumer of kept.holdersOn(provider)) known.add(consumer);",
    replace: "void provider;",
    tests: CHANGES,
    only: "several providers|deleted",
  },
  {
    name: "kept-usages-checked-in-part",
    breaks: "consumers on too many changed providers to be followed are read again all the same",
    file: KEPT,
    find: "await byKey([...way.consumers, ...others])",
    replace: "await byKey(others)",
    tests: FAULTS,
    only: "what is known of the others is kept",
  },
  {
    name: "kept-usages-forget-the-undecided",
    breaks: "what an undecided large change may still alter is read again",
    file: KEPT,
    find: "    this.#pending = reading.pending;\n",
    replace: "",
    tests: FAULTS,
    only: "large changes",
  },
  {
    name: "kept-usages-never-old",
    breaks: "a change that no shard log names is in the usages of a project within 60 seconds",
    file: KEPT,
    find: "const isOld = !isWithin(this.#maxAge, began, this.#wholeAt);",
    replace: "const isOld = this.#wholeAt === 0;",
    tests: FAULTS,
    only: "what the shard logs do not tell",
  },
  {
    name: "refresh-joined-late",
    breaks: "a request joins no refresh that began before it arrived",
    file: "lib/store/cache/joined.ts",
    find: "const joined = this.#waiting;",
    replace: "const joined = this.#waiting ?? running.done;",
    tests: [...FAULTS, "test/snapshot/missed-changes.test.ts"],
    only: "joins",
  },
  {
    name: "owner-change-names-no-provider",
    breaks: "a change of owner is in the usages of both projects",
    file: "lib/store/consumers/records.ts",
    find: "return stays ? [] :",
    replace: "return stays || !stays ? [] :",
    tests: CHANGES,
    only: "as a record",
  },
  {
    name: "import-names-no-provider",
    breaks: "an import that changes an owner alone is in the usages of both projects",
    file: "lib/store/importing/consumers.ts",
    find: "const named = changes.map(",
    replace: "const named = changes.slice(0, 0).map(",
    tests: CHANGES,
    only: "an import",
  },
  {
    name: "base-of-a-log-ignored",
    breaks: "a shard log that no longer reaches back tells nothing",
    file: "lib/store/cache/usages/changed-providers.ts",
    find: "log.counter < version || log.base > version",
    replace: "log.counter < version",
    tests: FAULTS,
    only: "no longer reaches back",
  },
];
