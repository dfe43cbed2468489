/** The choice of candidates for several consumers, in a snapshot. */
import { describe, expect, it } from "vitest";
import { drawnFrom } from "../../lib/model/candidates/drawn.ts";
import type { CandidateQuery, RequestGroup } from "../../lib/model/candidates/query.ts";
import { chooseCandidates } from "../../lib/model/claims/choose.ts";
import type { Provider } from "../../lib/model/provider.ts";
import { buildSnapshot } from "../../lib/model/snapshot/build.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import { fleetProvider, fleetUuid } from "../support/fleet.ts";
import { plainGroup, plainQuery } from "../support/providers.ts";

const [VCPU, VF, TRAIT] = [0, 10, 3];
const MUCH = { maxWork: 1_000_000 };
const consumer = (index: number) => fleetUuid(9, index);
const consumers = (count: number) => Array.from({ length: count }, (_, index) => consumer(index));

const group = (suffix: string, id: number, traits: readonly number[] = []) =>
  plainGroup(suffix, [[id, 1]], {
    traits: { anyOf: traits.map((trait) => [trait]), forbidden: [] },
  });
const query = (...groups: readonly RequestGroup[]) => plainQuery(groups);

function hosts(count: number, total: number): Provider[] {
  return Array.from({ length: count }, (_, index) =>
    fleetProvider({ uuid: fleetUuid(1, index), totals: { [VCPU]: total } }),
  );
}

function choose(providers: readonly Provider[], asked: CandidateQuery, count: number) {
  const request = { alternatives: [asked], consumers: consumers(count) };
  return chooseCandidates(buildSnapshot(providers), request, MUCH);
}

describe("the numbers that a uuid draws", () => {
  const drawn = (uuid: Uuid, turn: number) => {
    const random = drawnFrom(uuid, turn);
    return Array.from({ length: 5 }, () => random.fraction());
  };

  it("are the same for the same uuid and turn, and others else", () => {
    expect(drawn(consumer(1), 0)).toEqual(drawn(consumer(1), 0));
    expect(drawn(consumer(1), 0)).not.toEqual(drawn(consumer(2), 0));
    expect(drawn(consumer(1), 0)).not.toEqual(drawn(consumer(1), 1));
  });

  it("fill the range evenly, also for uuids in sequence", () => {
    const counts = new Array<number>(10).fill(0);
    for (let index = 0; index < 2_000; index += 1) {
      const [first = 1] = drawn(consumer(index), 0);
      expect(first).toBeGreaterThanOrEqual(0);
      expect(first).toBeLessThan(1);
      counts[Math.floor(10 * first)] = (counts[Math.floor(10 * first)] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 200)).toBeLessThan(70);
  });
});

describe("a choice", () => {
  it("gives each consumer what the others leave, and leaves the snapshot as it was", () => {
    const snapshot = buildSnapshot(hosts(5, 2));
    const before = snapshot.columns.free.slice();
    const request = { alternatives: [query(group("", VCPU))], consumers: consumers(10) };
    const choice = chooseCandidates(snapshot, request, MUCH);
    if (choice.kind !== "chosen") throw new Error(choice.kind);
    const taken = choice.candidates.flatMap(({ allocations }) => [...allocations.keys()]);
    const counts = new Map<string, number>();
    for (const uuid of taken) counts.set(uuid, (counts.get(uuid) ?? 0) + 1);
    expect([...counts.values()]).toEqual([2, 2, 2, 2, 2]);
    expect(snapshot.columns.free).toEqual(before);
  });

  it("is none where one place is missing, and tells what was left", () => {
    const choice = choose(hosts(5, 2), query(group("", VCPU)), 11);
    if (choice.kind !== "none") throw new Error(choice.kind);
    const [searched] = choice.searched;
    expect([...(searched?.left.columns.free ?? [])]).toEqual([0, 0, 0, 0, 0]);
  });

  it("is searched in other orders where one consumer takes what another one needs", () => {
    const root = fleetUuid(2, 0);
    const device = (index: number) =>
      fleetProvider({
        uuid: fleetUuid(3, index),
        parent: root,
        root,
        traits: index < 2 ? [TRAIT] : [],
        totals: { [VF]: 1 },
      });
    const tree = [fleetProvider({ uuid: root }), ...[0, 1, 2, 3].map(device)];
    const asked = query(group("1", VF, [TRAIT]), group("2", VF));
    // Whatever the uuids draw: of twenty pairs, several begin with both devices that have the trait.
    const kinds = Array.from({ length: 20 }, (_, pair) => {
      const request = {
        alternatives: [asked],
        consumers: [consumer(2 * pair), consumer(2 * pair + 1)],
      };
      return chooseCandidates(buildSnapshot(tree), request, MUCH).kind;
    });
    expect(kinds.filter((kind) => kind === "chosen").length).toBeGreaterThanOrEqual(18);
  });

  it("is unfinished if the work does not suffice, even if another alternative has one", () => {
    const snapshot = buildSnapshot(hosts(100, 1));
    const wanted = { ...query(group("", VCPU)) };
    const tooMuch: CandidateQuery = {
      ...wanted,
      groups: [{ ...group("", VCPU), resources: new Map([[VCPU, 2]]) }],
    };
    const request = { alternatives: [tooMuch, wanted], consumers: consumers(1) };
    expect(chooseCandidates(snapshot, request, { maxWork: 50 }).kind).toBe("unfinished");
    expect(chooseCandidates(snapshot, request, MUCH)).toMatchObject({
      kind: "chosen",
      alternative: 1,
    });
  });
});
