/** The verifier. */

/** @type {import("./list.mjs").Mutation[]} */
export const verifier = [
  {
    name: "verifier-looks-once",
    breaks: "a table in use gives no false alarm",
    file: "lib/store/maintenance/verify/walk/confirm.ts",
    find: "    if (all && isDeepStrictEqual(before, await store.stored.quiescent(accused))) {",
    replace: "    if (all && isDeepStrictEqual(before, before)) {",
    tests: ["test/maintenance/verify-in-use.long.test.ts"],
  },
  {
    name: "verifier-overlooks-use",
    breaks: "use that is not the sum of what is held is found",
    file: "lib/store/maintenance/verify/rules/hot.ts",
    find: "  if (used !== sum) {",
    replace: "  if (used > sum) {",
    tests: ["test/maintenance/verify-table.long.test.ts"],
    only: "use that is not the sum",
  },
];
