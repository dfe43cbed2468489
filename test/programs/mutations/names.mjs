/** Custom classes and traits. */

/** @type {import("./list.mjs").Mutation[]} */
export const names = [
  {
    name: "deletion-of-a-class-in-use",
    breaks: "a class that is used is not deleted",
    file: "lib/store/names/custom-names.ts",
    find: '  const when = [equals(["id"], known.id), equals(["users"], 0)];',
    replace: '  const when = [equals(["id"], known.id)];',
    tests: ["test/names/class-races.test.ts"],
  },
  {
    name: "use-of-any-class",
    breaks: "a class that was deleted and made again is another one",
    file: "lib/store/names/custom-uses.ts",
    find: '    const when = [equals(["id"], id)];',
    replace: '    const when = [equals(["id"], id)].slice(1);',
    tests: ["test/names/class-races.test.ts"],
  },
  {
    name: "ids-given-twice",
    breaks: "the id of a custom name is never used again",
    file: "lib/store/names/custom-names.ts",
    find: '      changes: [add(["version"], 1), set(["next"], nextId + ids)],\n      when: [equals(["version"], version)],',
    replace: '      changes: [add(["version"], 1), set(["next"], nextId + ids)],\n      when: [],',
    tests: ["test/names/class-races.test.ts", "test/large-changes/names.test.ts"],
  },
];
