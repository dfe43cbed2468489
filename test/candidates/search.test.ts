import { describe, expect, it } from "vitest";
import type { CandidateQuery } from "../../lib/model/candidates/query.ts";
import { searchCandidates } from "../../lib/model/candidates/search.ts";
import { buildSnapshot } from "../../lib/model/snapshot/build.ts";
import type { Snapshot } from "../../lib/model/snapshot/snapshot.ts";
import { STANDARD_TRAIT_IDS } from "../../lib/model/standard-traits.ts";
import { chance } from "../support/chance.ts";
import {
  numberedUuid,
  plainGroup,
  plainInventory,
  plainProvider,
  plainQuery,
} from "../support/providers.ts";

const [CPU, DEVICE] = [0, 9];
const ROOT = numberedUuid(0);
const SHARES = STANDARD_TRAIT_IDS.get("MISC_SHARES_VIA_AGGREGATE") ?? -1;
const PLENTY = 1_000_000;

/** A root and its devices, each with room for some groups of 1. */
function treeOf(devices: number, room: number): Snapshot {
  const below = Array.from({ length: devices }, (_, index) =>
    plainProvider(numberedUuid(index + 1), [[DEVICE, plainInventory(room)]], { parent: ROOT }),
  );
  return buildSnapshot([plainProvider(ROOT), ...below]);
}

function groupsOf(count: number) {
  return Array.from({ length: count }, (_, index) => plainGroup(`_${index}`, [[DEVICE, 1]]));
}

function find(snapshot: Snapshot, query: CandidateQuery, maxWork = PLENTY) {
  return searchCandidates(snapshot, query, { maxWork });
}

describe("the work of a search", () => {
  it("is about the limit, not the number of candidates", () => {
    // 8 devices, 6 groups: 262,144 candidates, 20,160 of them isolated or with room for 1 each.
    for (const [room, groupPolicy] of [
      [6, "none"],
      [6, "isolate"],
      [1, "none"],
    ] as const) {
      const query = plainQuery(groupsOf(6), { groupPolicy, limit: 1_000 });
      const result = find(treeOf(8, room), query);
      expect(result).toMatchObject({ exhausted: false });
      expect(result.candidates).toHaveLength(1_000);
      expect(result.work).toBeLessThan(25 * 1_000);
    }
  });

  it("does not depend on the number of hosts if the limit is reached early", () => {
    const hosts = Array.from({ length: 5_000 }, (_, index) =>
      plainProvider(numberedUuid(index), [[CPU, plainInventory(8)]]),
    );
    const query = plainQuery([plainGroup("", [[CPU, 1]])], { limit: 10 });
    const few = find(buildSnapshot(hosts.slice(0, 10)), query);
    expect(find(buildSnapshot(hosts), query).work).toBe(few.work);
  });

  it.each([
    [
      "9 isolated groups on 8 devices",
      treeOf(8, 9),
      plainQuery(groupsOf(9), { groupPolicy: "isolate" }),
    ],
    ["9 groups on 8 places", treeOf(8, 1), plainQuery(groupsOf(9))],
    ["25 groups on 24 places of 12 devices", treeOf(12, 2), plainQuery(groupsOf(25))],
  ])("is little where nothing can be found: %s", (_, snapshot, query) => {
    const result = find(snapshot, query);
    expect(result).toMatchObject({ candidates: [], exhausted: false });
    expect(result.work).toBeLessThan(2_000);
  });

  it("is little where required traits are spread over wide trees", () => {
    const classes = [1, 2, 3];
    const below = Array.from({ length: 100 }, (_, index) =>
      plainProvider(
        numberedUuid(index + 1),
        classes.map((id) => [id, plainInventory(4)] as const),
        { parent: ROOT, traits: index < 3 ? [100 + index] : [] },
      ),
    );
    const snapshot = buildSnapshot([plainProvider(ROOT), ...below]);
    const anyOf = [[100], [101], [102]];
    const resources = classes.map((id) => [id, 1] as const);
    const group = plainGroup("", resources, { traits: { anyOf, forbidden: [] } });
    const result = find(snapshot, plainQuery([group]));
    // Each of the three has to give one of the three classes.
    expect(result.candidates).toHaveLength(6);
    expect(result.work).toBeLessThan(5_000);
  });

  it("ends at the ceiling with what was found", () => {
    const result = find(treeOf(8, 6), plainQuery(groupsOf(6)), 5_000);
    expect(result.exhausted).toBe(true);
    expect(result.candidates.length).toBeGreaterThan(100);
    expect(result.work).toBeLessThan(6_000);
    expect(find(treeOf(8, 6), plainQuery(groupsOf(2)), 5_000).exhausted).toBe(false);
  });

  it("is shared among the roots: one candidate of each before a second of any", () => {
    const trees = Array.from({ length: 5 }, (_, tree) => {
      const root = numberedUuid(100 * tree);
      const devices = Array.from({ length: 4 }, (_, index) =>
        plainProvider(numberedUuid(100 * tree + index + 1), [[DEVICE, plainInventory(4)]], {
          parent: root,
        }),
      );
      return [plainProvider(root), ...devices];
    });
    const { candidates } = find(
      buildSnapshot(trees.flat()),
      plainQuery(groupsOf(1), { limit: 10 }),
    );
    const roots = candidates.map(({ mappings }) => mappings.get("_0")?.[0]?.at(-3));
    expect(roots).toEqual(["0", "1", "2", "3", "4", "0", "1", "2", "3", "4"]);
  });

  it("finds each candidate of sharing providers once, whatever roots they meet at", () => {
    const aggregates = [numberedUuid(1), numberedUuid(2)];
    const disks = Array.from({ length: 4 }, (_, index) =>
      plainProvider(numberedUuid(900 + index), [[CPU, plainInventory(4)]], {
        traits: [SHARES],
        aggregates: aggregates.slice(index % 2),
      }),
    );
    const hosts = Array.from({ length: 20 }, (_, index) =>
      plainProvider(numberedUuid(index), [], { aggregates: aggregates.slice(0, 1 + (index % 2)) }),
    );
    const groups = [plainGroup("_A", [[CPU, 1]]), plainGroup("_B", [[CPU, 1]])];
    const { candidates } = find(buildSnapshot([...hosts, ...disks]), plainQuery(groups));
    const keys = candidates.map(({ mappings }) => [...mappings.values()].join());
    expect(keys).toHaveLength(16);
    expect(new Set(keys).size).toBe(16);
  });
});

describe("the order of candidates", () => {
  const hosts = Array.from({ length: 8 }, (_, index) =>
    plainProvider(numberedUuid(index), [[CPU, plainInventory(8)]]),
  );
  const query = plainQuery([plainGroup("", [[CPU, 1]])]);
  const first = (result: ReturnType<typeof find>) =>
    [...(result.candidates[0]?.allocations.keys() ?? [])][0] ?? "";

  it("does not depend on how the snapshot came about", () => {
    const forwards = find(buildSnapshot(hosts), query);
    expect(find(buildSnapshot(hosts.toReversed()), query)).toEqual(forwards);
  });

  it("is shuffled fairly", () => {
    const random = chance("shuffled candidates");
    const snapshot = buildSnapshot(hosts);
    const counts = new Map<string, number>();
    const rounds = 4_000;
    for (let round = 0; round < rounds; round += 1) {
      const result = searchCandidates(
        snapshot,
        { ...query, limit: 1 },
        { maxWork: PLENTY, random },
      );
      counts.set(first(result), (counts.get(first(result)) ?? 0) + 1);
    }
    // Seven standard deviations of a binomial with p = 1/8.
    const deviation = Math.sqrt(rounds * (1 / 8) * (7 / 8));
    expect(counts.size).toBe(8);
    for (const count of counts.values()) {
      expect(Math.abs(count - rounds / 8)).toBeLessThan(7 * deviation);
    }
  });

  it("is shuffled among the devices of a tree too", () => {
    const random = chance("shuffled devices");
    const query = plainQuery(groupsOf(1), { limit: 1 });
    const seen = new Set<string>();
    for (let round = 0; round < 400; round += 1) {
      const result = searchCandidates(treeOf(4, 1), query, { maxWork: PLENTY, random });
      seen.add(first(result));
    }
    expect(seen.size).toBe(4);
  });
});
