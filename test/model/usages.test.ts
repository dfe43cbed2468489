/** Usages of a project's consumers: sums and groups. */
import { describe, expect, it } from "vitest";
import { groupUsages, sumUsages, type UsingConsumer } from "../../lib/model/usages.ts";

const [VCPU, MEMORY] = [0, 1];
const using = (
  type: string | null,
  ...amounts: (readonly [id: number, amount: number])[]
): UsingConsumer => ({ type, amounts: new Map(amounts) });
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
  it("are by class, in the order of ids, and leave idle consumers out", () => {
    expect([...sumUsages(CONSUMERS)]).toEqual([
      [VCPU, 31],
      [MEMORY, 64],
    ]);
    expect([...sumUsages([IDLE])]).toEqual([]);
    expect([...sumUsages([])]).toEqual([]);
  });
});

describe("groups", () => {
  const briefly = (type?: string) =>
    [...groupUsages(CONSUMERS, type)].map(([name, { count, amounts }]) => [
      name,
      count,
      Object.fromEntries(amounts),
    ]);

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
  });

  it("are one of every consumer that uses something, where all are asked for", () => {
    expect(briefly("all")).toEqual([["all", 5, { [VCPU]: 31, [MEMORY]: 64 }]]);
  });
});
