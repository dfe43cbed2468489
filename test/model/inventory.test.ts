/** What an inventory offers, and which claims fit it. */
import { describe, expect, it } from "vitest";
import {
  capacityOf,
  claimFault,
  clampAmount,
  type Inventory,
  measuresOf,
  sameInventory,
  truncatedCapacity,
  withUse,
} from "../../lib/model/inventory.ts";

const PLAIN: Inventory = {
  total: 100,
  reserved: 0,
  minUnit: 1,
  maxUnit: 100,
  stepSize: 1,
  allocationRatio: 1,
};
const given = (changes: Partial<Inventory>): Inventory => ({ ...PLAIN, ...changes });
const fresh = (amount: number) => ({ amount, before: 0 });

describe("capacity", () => {
  it.each([
    [{}, 100],
    [{ reserved: 30 }, 70],
    [{ reserved: 100 }, 0],
    [{ allocationRatio: 4 }, 400],
    [{ reserved: 20, allocationRatio: 1.5 }, 120],
    // The reserved part is not over-committed.
    [{ total: 10, reserved: 1, allocationRatio: 16 }, 144],
    [{ total: 3, allocationRatio: 0.5 }, 1],
    [{ total: 1, allocationRatio: 0.5 }, 0],
    // 0.1 + 0.2 is not 0.3: the product of the binary64 is floored as it is.
    [{ total: 10, allocationRatio: 0.3 }, 3],
    [{ total: 3, allocationRatio: 1.1 }, 3],
    [{ total: 100, allocationRatio: 1.1 }, 110],
    [{ total: 29, allocationRatio: 0.1 }, 2],
  ])("of %j is %d", (changes, capacity) => {
    expect(capacityOf(given(changes))).toBe(capacity);
  });

  it("is negative where more is reserved than there is, and floored, not truncated", () => {
    expect(capacityOf(given({ total: 1, reserved: 2 }))).toBe(-1);
    const half = given({ total: 1, reserved: 2, allocationRatio: 0.5 });
    expect(capacityOf(half)).toBe(-1);
    expect(truncatedCapacity(half)).toBe(-0);
  });

  it("is truncated toward zero where an inventory is written", () => {
    expect(truncatedCapacity(given({ total: 3, allocationRatio: 0.5 }))).toBe(1);
    expect(truncatedCapacity(given({ total: 1, allocationRatio: 0.9 }))).toBe(0);
    expect(truncatedCapacity(given({ total: 1, reserved: 4, allocationRatio: 0.5 }))).toBe(-1);
  });

  it("stays an exact integer at both ends", () => {
    const huge = given({ total: 2_147_483_647, allocationRatio: 3.4e38 });
    expect(capacityOf(huge)).toBe(Number.MAX_SAFE_INTEGER);
    const low = given({ total: 1, reserved: 2_147_483_647, allocationRatio: 3.4e38 });
    expect(capacityOf(low)).toBe(-(2 ** 52));
    expect(Number.isSafeInteger(withUse(low, 2 ** 40).free)).toBe(true);
  });
});

describe("use", () => {
  it("is taken off the capacity", () => {
    const stored = withUse(given({ reserved: 10, allocationRatio: 2 }), 50);
    expect(stored).toEqual({ ...given({ reserved: 10, allocationRatio: 2 }), used: 50, free: 130 });
  });

  it("leaves less than nothing free in an inventory that has shrunk under it", () => {
    expect(withUse(given({ total: 4 }), 7).free).toBe(-3);
  });
});

describe("a claim", () => {
  it("needs an inventory, even where its amount stays", () => {
    expect(claimFault(undefined, fresh(1), 1)).toBe("missing");
    expect(claimFault(undefined, { amount: 1, before: 1 }, 0)).toBe("missing");
    expect(claimFault(undefined, { amount: 1, before: 2 }, -1)).toBe("missing");
  });

  const bounded = withUse(given({ minUnit: 4, maxUnit: 12, stepSize: 4 }), 0);

  it.each([
    [1, "units"],
    [3, "units"],
    [4, undefined],
    [5, "step"],
    [8, undefined],
    [11, "step"],
    [12, undefined],
    [13, "units"],
    [16, "units"],
  ] as const)("of %d where units are 4 to 12 in steps of 4: %s", (amount, fault) => {
    expect(claimFault(bounded, fresh(amount), amount)).toBe(fault);
  });

  it("fits what is free exactly, and not one more", () => {
    const stored = withUse(PLAIN, 60);
    expect(claimFault(stored, fresh(40), 40)).toBeUndefined();
    expect(claimFault(stored, fresh(41), 41)).toBe("capacity");
  });

  it("has the units and the step named before the capacity", () => {
    const full = withUse(given({ minUnit: 2, maxUnit: 10, stepSize: 2 }), 100);
    expect(claimFault(full, fresh(1), 1)).toBe("units");
    expect(claimFault(full, fresh(12), 12)).toBe("units");
    expect(claimFault(full, fresh(3), 3)).toBe("step");
    expect(claimFault(full, fresh(2), 2)).toBe("capacity");
  });

  it("is measured by the increase of the whole request", () => {
    const stored = withUse(PLAIN, 60);
    expect(claimFault(stored, fresh(30), 41)).toBe("capacity");
    // Another consumer of the request gives back what this one takes.
    expect(claimFault(stored, fresh(90), 0)).toBeUndefined();
    expect(claimFault(withUse(given({ total: 4 }), 7), fresh(3), -1)).toBeUndefined();
    expect(claimFault(withUse(given({ total: 4 }), 7), fresh(3), 1)).toBe("capacity");
  });

  it("whose amount stays needs nothing of an inventory that was changed under it", () => {
    const shrunk = withUse(given({ total: 1, minUnit: 2, maxUnit: 2, stepSize: 2 }), 5);
    expect(claimFault(shrunk, { amount: 5, before: 5 }, 0)).toBeUndefined();
    expect(claimFault(shrunk, { amount: 5, before: 5 }, 3)).toBeUndefined();
  });

  it("that is lowered may stay above max_unit, and not fall below min_unit or off the step", () => {
    const narrow = withUse(given({ minUnit: 2, maxUnit: 4, stepSize: 2 }), 10);
    expect(claimFault(narrow, { amount: 8, before: 10 }, -2)).toBeUndefined();
    expect(claimFault(narrow, { amount: 1, before: 10 }, -9)).toBe("units");
    expect(claimFault(narrow, { amount: 7, before: 10 }, -3)).toBe("step");
  });

  it("that rises has to respect max_unit and the capacity", () => {
    const narrow = withUse(given({ maxUnit: 4, total: 6 }), 3);
    expect(claimFault(narrow, { amount: 5, before: 3 }, 2)).toBe("units");
    expect(claimFault(narrow, { amount: 4, before: 1 }, 4)).toBe("capacity");
    expect(claimFault(narrow, { amount: 4, before: 1 }, 3)).toBeUndefined();
  });

  it("of nothing is below every min_unit", () => {
    expect(claimFault(withUse(PLAIN, 0), { amount: 0, before: 3 }, -3)).toBe("units");
    expect(claimFault(withUse(PLAIN, 0), { amount: 0, before: 0 }, 0)).toBeUndefined();
  });

  it("is measured by units when it changes, by max_unit and capacity when it rises", () => {
    expect(measuresOf(fresh(1))).toEqual({ units: true, maxUnit: true, capacity: true });
    const same = { amount: 2, before: 2 };
    expect(measuresOf(same)).toEqual({ units: false, maxUnit: false, capacity: false });
    const lowered = { amount: 1, before: 2 };
    expect(measuresOf(lowered)).toEqual({ units: true, maxUnit: false, capacity: false });
  });
});

describe("an amount", () => {
  it("beyond every max_unit is cut off just above it", () => {
    expect(clampAmount(2 ** 31 - 1)).toBe(2 ** 31 - 1);
    expect(clampAmount(2 ** 31)).toBe(2 ** 31);
    expect(clampAmount(2 ** 31 + 1)).toBe(2 ** 31);
    expect(clampAmount(Number.MAX_VALUE)).toBe(2 ** 31);
    const largest = withUse(given({ maxUnit: 2 ** 31 - 1, total: 2 ** 31 - 1 }), 0);
    expect(claimFault(largest, fresh(clampAmount(1e300)), 1)).toBe("units");
  });
});

describe("two inventories are the same", () => {
  it("whatever is used of them", () => {
    expect(sameInventory(withUse(PLAIN, 1), withUse(PLAIN, 2))).toBe(true);
  });

  it.each(Object.keys(PLAIN) as (keyof Inventory)[])("only with the same %s", (field) => {
    const other = given({ [field]: PLAIN[field] + 0.5 });
    expect(sameInventory(PLAIN, other)).toBe(false);
    expect(sameInventory(other, PLAIN)).toBe(false);
  });
});
