/** What the reshaper makes of a provider, and which claims it refuses. */
import { describe, expect, it } from "vitest";
import type { ClassChange, ProviderChange } from "../../lib/model/claim.ts";
import { type Inventory, withUse } from "../../lib/model/inventory.ts";
import type { ProviderState } from "../../lib/model/provider.ts";
import { misfits, reshaped } from "../../lib/model/reshape.ts";
import { numberedUuid, plainProvider } from "../support/providers.ts";

const HOST = numberedUuid(1);
const [VCPU, MEMORY, DISK] = [0, 1, 2];
const PLAIN = { reserved: 0, minUnit: 1, stepSize: 1, allocationRatio: 1 };
const offers = (total: number, more: Partial<Inventory> = {}): Inventory => ({
  ...PLAIN,
  total,
  maxUnit: total,
  ...more,
});

const state: ProviderState = {
  ...plainProvider(HOST, [
    [VCPU, withUse(offers(8), 4)],
    [MEMORY, withUse(offers(64), 0)],
  ]).state,
  generation: 10,
  revision: 20,
  consumers: 2,
  updated: 1_000,
};

const claimOf = (amount: number, before = 0, order = 0): ClassChange => ({
  difference: amount - before,
  claims: [{ amount, before, order }],
});

function changing(
  classes: readonly (readonly [number, ClassChange])[],
  more: Partial<ProviderChange> = {},
): ProviderChange {
  return {
    provider: HOST,
    raisesGeneration: true,
    consumers: 0,
    classes: new Map(classes),
    ...more,
  };
}

describe("a reshaped provider", () => {
  it("has the new inventories alone, with what is used of them", () => {
    const wanted = new Map([
      [VCPU, offers(16)],
      [DISK, offers(100)],
    ]);
    const after = reshaped(state, wanted, undefined, 2_000);
    expect(after.state.inventories).toEqual(
      new Map([
        [VCPU, withUse(offers(16), 4)],
        [DISK, withUse(offers(100), 0)],
      ]),
    );
    expect(after.stillUsed).toEqual([]);
  });

  it("keeps all but its inventories, revision, generation, consumers and time", () => {
    const { state: after } = reshaped(state, new Map(), undefined, 2_000);
    expect(after).toEqual({
      ...state,
      inventories: new Map(),
      generation: 11,
      revision: 21,
      updated: 2_000,
    });
  });

  it.each([
    ["no inventories and no allocations", 0, undefined, 1],
    ["inventories alone", 1, undefined, 2],
    ["inventories, and allocations that name it", 1, true, 3],
    ["inventories, and allocations that only leave it", 1, false, 2],
    ["no inventories, and allocations that name it", 0, true, 2],
    ["no inventories, and allocations that only leave it", 0, false, 1],
  ])("with %s", (_what, count, raisesGeneration, rises) => {
    const wanted = new Map([[VCPU, offers(8)] as const].slice(0, count));
    const change = raisesGeneration === undefined ? undefined : changing([], { raisesGeneration });
    const after = reshaped(state, wanted, change, 2_000).state;
    expect(after.generation - state.generation).toBe(rises);
    expect(after.revision - state.revision).toBe(1);
  });

  it("uses more or less by what the request changes", () => {
    const wanted = new Map([[VCPU, offers(16, { allocationRatio: 2 })]]);
    const change = changing([[VCPU, claimOf(7, 2)]], { consumers: -1 });
    const after = reshaped(state, wanted, change, 2_000).state;
    expect(after.inventories.get(VCPU)).toMatchObject({ used: 9, free: 23 });
    expect(after.consumers).toBe(1);
  });

  it("names classes that are gone and still used, and no others", () => {
    const wanted = new Map([[DISK, offers(1)]]);
    expect(reshaped(state, wanted, undefined, 0).stillUsed).toEqual([VCPU]);
    const released = changing([[VCPU, { difference: -4, claims: [] }]]);
    expect(reshaped(state, wanted, released, 0).stillUsed).toEqual([]);
    const some = changing([[VCPU, { difference: -3, claims: [] }]]);
    expect(reshaped(state, wanted, some, 0).stillUsed).toEqual([VCPU]);
    const claimed = changing([[MEMORY, claimOf(1)]]);
    expect(reshaped(state, wanted, claimed, 0).stillUsed).toEqual([VCPU, MEMORY]);
    expect(reshaped(state, new Map([[VCPU, offers(8)]]), undefined, 0).stillUsed).toEqual([]);
  });
});

describe("misfits", () => {
  it("are none where every claim fits", () => {
    expect(misfits(state, undefined, changing([[VCPU, claimOf(4)]]))).toEqual([]);
    expect(misfits(state, undefined, changing([]))).toEqual([]);
  });

  it("are measured against the inventories that stay, where the request has none", () => {
    expect(misfits(state, undefined, changing([[VCPU, claimOf(5, 0, 3)]]))).toEqual([
      { fault: "capacity", class: VCPU, order: 3 },
    ]);
    expect(misfits(state, undefined, changing([[DISK, claimOf(1, 0, 6)]]))).toEqual([
      { fault: "missing", class: DISK, order: 6 },
    ]);
  });

  it("are measured against the new inventory, less what is used of it", () => {
    const wanted = new Map([[VCPU, offers(16)]]);
    expect(misfits(state, wanted, changing([[VCPU, claimOf(12)]]))).toEqual([]);
    expect(misfits(state, wanted, changing([[VCPU, claimOf(13)]]))).toEqual([
      { fault: "capacity", class: VCPU, order: 0 },
    ]);
  });

  it("are measured against the old inventory of a class that is about to be removed", () => {
    const wanted = new Map([[VCPU, offers(8)]]);
    expect(misfits(state, wanted, changing([[MEMORY, claimOf(64)]]))).toEqual([]);
    expect(misfits(state, wanted, changing([[MEMORY, claimOf(65)]]))).toEqual([
      { fault: "units", class: MEMORY, order: 0 },
    ]);
  });

  it("of an amount that stays are none in an inventory that stays, and measured in a changed one", () => {
    const same = changing([[VCPU, claimOf(3, 3)]]);
    const odd = {
      ...state,
      inventories: new Map([[VCPU, withUse(offers(8, { stepSize: 2 }), 3)]]),
    };
    expect(misfits(odd, undefined, same)).toEqual([]);
    expect(misfits(odd, new Map([[VCPU, offers(8, { stepSize: 2 })]]), same)).toEqual([]);
    const changed = new Map([[VCPU, offers(9, { stepSize: 2 })]]);
    expect(misfits(odd, changed, same)).toEqual([{ fault: "step", class: VCPU, order: 0 }]);
    const fresh = { ...state, inventories: new Map() };
    expect(misfits(fresh, changed, same)).toEqual([{ fault: "step", class: VCPU, order: 0 }]);
  });

  it("name every claim that does not fit, in the order of classes and claims", () => {
    const claims = [
      { amount: 9, before: 0, order: 1 },
      { amount: 1, before: 0, order: 4 },
      { amount: 10, before: 0, order: 5 },
    ];
    const change = changing([
      [VCPU, { difference: 4, claims }],
      [DISK, claimOf(1, 0, 2)],
    ]);
    expect(misfits(state, undefined, change)).toEqual([
      { fault: "units", class: VCPU, order: 1 },
      { fault: "units", class: VCPU, order: 5 },
      { fault: "missing", class: DISK, order: 2 },
    ]);
  });
});
