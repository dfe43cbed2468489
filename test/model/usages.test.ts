/** Usages of a project's consumers: sums and groups. */
import { describe, expect, it } from "vitest";
import { sumUsages, UsageGroups, type UsingConsumer } from "../../lib/model/usages.ts";

const [VCPU, MEMORY] = [0, 1];
const using = (
  type: string | null,
  ...amounts: (readonly [id: number, amount: number])[]
): UsingConsumer => ({ type, amounts: Object.fromEntries(amounts) });
const IDLE: UsingConsumer = { type: "INSTANCE", amounts: undefined };

const CONSUMERS = [
  using("VOLUME", [VCPU, 1]),
  using(null, [VCPU, 2]),
  using("INSTANCE", [MEMORY, 64], [VCPU, 4]),
  IDLE,
  using("INSTANCE", [VCPU, 8]),
  using("all", [VCPU, 16]),
];

describe("sums", () => {
  it("are by class, in the order of ids", () => {
    const held = [
      { amounts: new Map([[MEMORY, 64]]) },
      { amounts: new Map([[VCPU, 1]]) },
      { amounts: new Map([[VCPU, 2]]) },
    ];
    expect([...sumUsages(held)]).toEqual([
      [VCPU, 3],
      [MEMORY, 64],
    ]);
    expect([...sumUsages([])]).toEqual([]);
  });
});

describe("groups", () => {
  const briefly = (type?: string, consumers = CONSUMERS) => {
    const groups = new UsageGroups(type);
    for (const consumer of consumers) groups.add(consumer);
    return [...groups.result()].map(([name, { count, amounts }]) => [
      name,
      count,
      Object.fromEntries(amounts),
    ]);
  };

  it("are by type in the order of their names, and unknown is the last", () => {
    expect(briefly()).toEqual([
      ["INSTANCE", 2, { [VCPU]: 12, [MEMORY]: 64 }],
      ["VOLUME", 1, { [VCPU]: 1 }],
      ["all", 1, { [VCPU]: 16 }],
      ["unknown", 1, { [VCPU]: 2 }],
    ]);
  });

  it("are one where one type is asked for", () => {
    expect(briefly("INSTANCE")).toEqual([["INSTANCE", 2, { [VCPU]: 12, [MEMORY]: 64 }]]);
    expect(briefly("unknown")).toEqual([["unknown", 1, { [VCPU]: 2 }]]);
    expect(briefly("NOBODY")).toEqual([]);
    expect(briefly("INSTANCE", [IDLE])).toEqual([]);
  });

  it("are one of every consumer that uses something, where all are asked for", () => {
    expect(briefly("all")).toEqual([["all", 5, { [VCPU]: 31, [MEMORY]: 64 }]]);
  });

  it("have their classes in the order of ids", () => {
    const groups = new UsageGroups(undefined);
    groups.add({ type: "INSTANCE", amounts: { "10": 1, "9": 2 } });
    groups.add({ type: "INSTANCE", amounts: { "2": 3 } });
    expect([...(groups.result().get("INSTANCE")?.amounts ?? [])]).toEqual([
      [2, 3],
      [9, 2],
      [10, 1],
    ]);
  });
});
