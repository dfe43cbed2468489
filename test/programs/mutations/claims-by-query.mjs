/** Claims by query. */

/** @type {import("./list.mjs").Mutation[]} */
export const claimsByQuery = [
  {
    name: "late-try-not-recognised",
    breaks: "of the tries of a claim by query, the answer tells the one that was applied",
    file: "lib/store/allocations/claims-by-query.ts",
    find: "      if (made === undefined) return own.verdict(old);\n",
    replace: "      if (made === undefined || made) return own.verdict(old);\n",
    tests: ["test/claims/faults.test.ts"],
  },
  {
    name: "remembered-profile-not-compared",
    breaks:
      "a claim by query does not take a host that has lost its trait since the function read it",
    file: "lib/store/allocations/claim-writes.ts",
    find: "  if (profile !== undefined) when.push",
    replace: "  if (profile !== undefined && profile < 0) when.push",
    tests: ["test/claims/remembered.test.ts"],
  },
  {
    name: "remembered-tree-believed",
    breaks: "a claim that relies on several providers reads them",
    file: "lib/store/allocations/remembered-profiles.ts",
    find: "snapshot.rootOf(row) !== row",
    replace: "snapshot.rootOf(row) < 0",
    tests: ["test/claims/remembered.test.ts"],
  },
  {
    name: "refusing-provider-not-read",
    breaks: "a claim by query sees why a provider refused it before the shard logs do",
    file: "lib/store/allocations/claims-by-query.ts",
    find: "      this.#doubtful.add(provider);\n",
    replace: "      if (provider.length === 0) this.#doubtful.add(provider);\n",
    tests: ["test/claims/faults.test.ts"],
  },
  {
    name: "chosen-not-counted",
    breaks: "each consumer of a claim by query counts what the others take",
    file: "lib/model/claims/choose.ts",
    find: "    room?.take(candidate);\n",
    replace: "",
    tests: ["test/claims/choose.test.ts"],
  },
];
