/** Custom classes and traits. */

/** @type {import("./list.mjs").Mutation[]} */
export const names = [
  {
    name: "deletion-of-a-class-in-use",
    breaks: "a class that is used is not deleted",
    file: "lib/store/names/custom-names.ts",
    find: "  const when = [equals(customName.id, known.id), equals(customName.users, 0)];",
    replace: "  const when = [equals(customName.id, known.id)];",
    tests: ["test/names/class-races.test.ts"],
  },
  {
    name: "use-of-any-class",
    breaks: "a class that was deleted and made again is another one",
    file: "lib/store/names/custom-uses.ts",
    find: "    const when = [equals(customName.id, id)];",
    replace: "    const when = [equals(customName.id, id)].slice(1);",
    tests: ["test/names/class-races.test.ts"],
  },
  {
    name: "ids-given-twice",
    breaks: "the id of a custom name is never used again",
    file: "lib/store/names/custom-names.ts",
    find: "  const when = [equals(allNames.next, nextId)];",
    replace: "  const when = nextId < 0 ? [equals(allNames.next, nextId)] : [];",
    tests: ["test/names/id-supply.test.ts"],
  },
  {
    name: "another-letter",
    breaks: "tables that earlier releases have written stay readable",
    file: "lib/store/items/holder.ts",
    find: '  place: attribute<number | undefined>("s"),',
    replace: '  place: attribute<number | undefined>("o"),',
    tests: ["test/table/stored-forms.test.ts"],
  },
];
