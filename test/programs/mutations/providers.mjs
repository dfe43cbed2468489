/** Providers, their trees and inventories. */

/** @type {import("./list.mjs").Mutation[]} */
export const providers = [
  {
    name: "free-from-a-read",
    breaks: "free capacity is the rest, whatever was released meanwhile",
    file: "lib/store/providers/inventory-writes.ts",
    find: "  const free = setDifference(hot.free(id), capacityOf(to), hot.used(id));",
    replace:
      "  const free = set(hot.free(id), capacityOf(to) - (from as unknown as { used: number }).used);",
    tests: ["test/consumers/lives.test.ts"],
  },
  {
    name: "no-provider-generation",
    breaks: "of writers that name one generation of a provider one wins",
    file: "lib/store/providers/inventory-writes.ts",
    find: "      when: [equals(hot.generation, from.generation), ...part.when],",
    replace: "      when: [...part.when],",
    tests: ["test/allocations/races.long.test.ts"],
    only: "replace inventories",
  },
  {
    name: "stale-root",
    breaks: "all providers below a moved one get its root",
    file: "lib/store/providers/update.ts",
    find: "          profileWrites(other, { changes: rootChange(move.root), now }),",
    replace: "          profileWrites(other, { changes: rootChange(other.profile.root), now }),",
    tests: ["test/providers/tree-races.test.ts"],
  },
  {
    name: "no-tree-version",
    breaks: "no two moves make a cycle",
    file: "lib/store/providers/update.ts",
    find: "      changes: [...changes, add(tree.version, 1)],\n      when: [equals(tree.version, source.version)],",
    replace: "      changes: [...changes, add(tree.version, 1)],\n      when: [],",
    tests: ["test/providers/tree-races.test.ts"],
  },
  {
    name: "moved-between-two-readings",
    breaks: "a provider that moved while it was read is read again",
    file: "lib/store/providers/update.ts",
    find: "  if (source.parents.get(found.state.uuid) !== parent) {",
    replace: "  if (source.parents.size === 0) {",
    tests: ["test/providers/tree-races.test.ts"],
    only: "becomes a root",
  },
  {
    name: "parent-may-be-gone",
    breaks: "a provider's parent is in its tree",
    file: "lib/store/providers/create.ts",
    find: "      when: [exists(...tree.parent(parent)), sizeBelow(tree.parents, MAX_TREE_SIZE)],",
    replace: '      when: [exists("pk"), sizeBelow(tree.parents, MAX_TREE_SIZE)],',
    tests: ["test/providers/tree-races.test.ts"],
  },
  {
    name: "deletion-of-a-provider-in-use",
    breaks: "a provider that is held is not deleted",
    file: "lib/store/providers/delete.ts",
    find: "        when: [equals(hot.consumers, 0), equals(hot.generation, state.generation)],",
    replace: "        when: [],",
    tests: ["test/providers/tree-races.test.ts"],
  },
  {
    name: "name-not-guarded",
    breaks: "no two providers have one name",
    file: "lib/store/providers/update.ts",
    find: '    guard({ kind: "put", item: nameItem(name, state.uuid), when: [absent("pk")] }, () =>',
    replace: '    guard({ kind: "put", item: nameItem(name, state.uuid), when: [] }, () =>',
    tests: ["test/providers/tree-races.test.ts", "test/providers/tree-storm.long.test.ts"],
  },
];
