/** Consumers: what one holds in all, and when it holds nothing. */
import { describe, expect, it } from "vitest";
import { type Consumer, isIdle, NO_ALLOCATIONS, totals } from "../../lib/model/consumer.ts";
import { numberedUuid } from "../support/providers.ts";

const [A, B, C] = [numberedUuid(1), numberedUuid(2), numberedUuid(3)];
const [VCPU, MEMORY, DISK] = [0, 1, 2];

const consumer: Consumer = {
  uuid: C,
  generation: 1,
  writeId: "o",
  incarnation: "l",
  project: "p",
  user: "u",
  type: null,
  allocations: NO_ALLOCATIONS,
  claimed: { at: 1, place: 0 },
  created: 1,
  updated: 1,
};

describe("totals", () => {
  it("of nothing are empty", () => {
    expect(totals(NO_ALLOCATIONS)).toEqual(new Map());
    expect(totals(new Map([[A, new Map()]]))).toEqual(new Map());
  });

  it("are sums by class over all providers", () => {
    const held = new Map([
      [
        A,
        new Map([
          [VCPU, 2],
          [MEMORY, 512],
        ]),
      ],
      [
        B,
        new Map([
          [DISK, 10],
          [VCPU, 3],
        ]),
      ],
      [C, new Map([[VCPU, 1]])],
    ] as const);
    expect(totals(held)).toEqual(
      new Map([
        [VCPU, 6],
        [MEMORY, 512],
        [DISK, 10],
      ]),
    );
  });

  it("leave what they add up as it is", () => {
    const first = new Map([[VCPU, 2]]);
    const held = new Map([
      [A, first],
      [B, new Map([[VCPU, 5]])],
    ]);
    totals(held);
    expect(first).toEqual(new Map([[VCPU, 2]]));
  });
});

describe("a consumer is idle", () => {
  it("if it holds something of no provider", () => {
    expect(isIdle(consumer)).toBe(true);
    expect(isIdle({ ...consumer, allocations: new Map() })).toBe(true);
  });

  it("and is not as soon as it holds something of one", () => {
    const allocations = new Map([[A, new Map([[VCPU, 1]])]]);
    expect(isIdle({ ...consumer, allocations })).toBe(false);
  });
});
