import { describe, expect, it } from "vitest";
import type { Provider } from "../../lib/model/provider.ts";
import { buildSnapshot, updateSnapshot } from "../../lib/model/snapshot/build.ts";
import { recordAt } from "../../lib/model/snapshot/record.ts";
import type { Snapshot } from "../../lib/model/snapshot/snapshot.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import { chance as seeded } from "../support/chance.ts";
import { numberedUuid, plainInventory, plainProvider } from "../support/providers.ts";

/** All that a snapshot knows, whatever its rows are. */
function contentOf(snapshot: Snapshot) {
  const { roots, next } = snapshot.columns;
  const trees = Array.from(roots, (root) => {
    const members = [];
    for (let row = root; row >= 0; row = next[row] ?? -1) {
      const parent = snapshot.parentOf(row);
      const { traits, aggregates, ...record } = recordAt(snapshot, row);
      members.push({
        ...record,
        inventories: [...record.inventories].sort((a, b) => a.id - b.id),
        traits: [...traits],
        aggregates: [...aggregates].sort(),
        above: parent < 0 ? undefined : snapshot.uuidOf(parent),
        root: snapshot.uuidOf(snapshot.rootOf(row)),
        sharing: snapshot.sharing.isSharing(row),
      });
    }
    return members;
  });
  return { size: snapshot.size, trees };
}

describe("a snapshot", () => {
  it("is the same after many updates as one that is built at once", () => {
    const chance = seeded("updates of a snapshot");
    const [first, second, third] = [
      plainInventory(8, 1),
      plainInventory(100, 50),
      plainInventory(7, 7),
    ];
    const choices = [
      [],
      [[0, first]],
      [
        [0, second],
        [1, first],
      ],
      [
        [2, third],
        [1, third],
      ],
    ] as const;
    let known = new Map<Uuid, Provider>();
    let snapshot = buildSnapshot([]);
    for (let round = 0; round < 400; round += 1) {
      const before = { snapshot, content: contentOf(snapshot) };
      const changed = Array.from({ length: chance.below(6) }, () => {
        const parent = chance.below(2) === 0 ? undefined : numberedUuid(chance.below(30));
        return plainProvider(numberedUuid(chance.below(30)), chance.pick(choices), {
          parent,
          traits: Array.from({ length: chance.below(3) }, (_, i) => 10 * i + chance.below(9)),
          aggregates: Array.from({ length: chance.below(3) }, () => numberedUuid(chance.below(9))),
        });
      });
      const removed = Array.from({ length: chance.below(2) }, () => numberedUuid(chance.below(30)));
      known = new Map(known);
      for (const uuid of removed) known.delete(uuid);
      for (const each of changed) known.set(each.state.uuid, each);
      snapshot = updateSnapshot(snapshot, changed, removed);
      expect(contentOf(snapshot)).toEqual(contentOf(buildSnapshot(known.values())));
      expect(contentOf(before.snapshot)).toEqual(before.content);
    }
    expect(snapshot.size).toBe(known.size);
  });
});
