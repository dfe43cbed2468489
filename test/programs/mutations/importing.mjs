/** The import of a running Placement. */

/** @type {import("./list.mjs").Mutation[]} */
export const importing = [
  {
    name: "import-takes-generation-for-all",
    breaks: "an import finds aggregates that were written without raising a generation",
    file: "scripts/import/source/read.ts",
    find: "  if (known?.settled) return { ...known, ...fresh };",
    replace: "  if (known?.settled) return known;",
    tests: ["test/import/follow.test.ts"],
  },
  {
    name: "import-over-commits",
    breaks: "an import brings in more than the capacity only where that is asked for",
    file: "lib/store/importing/use-write.ts",
    find: "  return asIs ? exists(...hot.free(id)) : atLeast(hot.free(id), difference);",
    replace: "  return exists(...hot.free(id));",
    tests: ["test/import/sources.test.ts"],
    only: "what does not fit",
  },
  {
    name: "import-deletes-unasked",
    breaks: "an import deletes no provider that its source has never shown",
    file: "scripts/import/run.ts",
    find: "  if (extra.length === 0 || options.prune) return;",
    replace: "  if (options.prune || extra.length >= 0) return;",
    tests: ["test/import/import.test.ts"],
    only: "beyond the source",
  },
];
