/** The console's own rules: sums, filters, places on the heat map, units, addresses. */
import { describe, expect, test } from "vitest";
import { colourOf } from "../../console/model/colour.ts";
import {
  byTightness,
  filterTrees,
  NO_FILTERS,
  namesIn,
  shownPart,
} from "../../console/model/filters.ts";
import { Fleet } from "../../console/model/fleet.ts";
import { cellBox, memberAt, roomsOf } from "../../console/model/layout.ts";
import type { Inventory, Provider } from "../../console/model/provider.ts";
import { hashOf, routeOf } from "../../console/model/route.ts";
import { rowsOf } from "../../console/model/rows.ts";
import { freeOf, sumsOf, tightestOf, usedPart } from "../../console/model/sums.ts";
import { ago, amount, duration, percent, resourcesText } from "../../console/model/units.ts";
import { MAX_SCALE, mapPoint, moved, WHOLE, zoomed } from "../../console/model/viewport.ts";

const inventory = (total: number, more: Partial<Inventory> = {}): Inventory => ({
  ...{ total, reserved: 0, min_unit: 1, max_unit: total, step_size: 1, allocation_ratio: 1 },
  ...more,
});

function provider(uuid: string, more: Partial<Provider> = {}): Provider {
  const empty = { inventories: {}, usages: {}, traits: [], aggregates: [] };
  return { uuid, name: `name-${uuid}`, generation: 0, parent: null, root: uuid, ...empty, ...more };
}

const host = (uuid: string, total: number, used: number, more: Partial<Provider> = {}) =>
  provider(uuid, { inventories: { VCPU: inventory(total) }, usages: { VCPU: used }, ...more });

describe("sums", () => {
  test("add what the providers of a tree have, by the ratio of each", () => {
    const sums = sumsOf([
      host("a", 10, 4),
      provider("b", {
        inventories: { VCPU: inventory(10, { reserved: 2, allocation_ratio: 4 }) },
        usages: { VCPU: 6 },
      }),
    ]);
    expect(sums.get("VCPU")).toEqual({ total: 20, reserved: 2, capacity: 42, used: 10 });
    expect(freeOf({ total: 4, reserved: 0, capacity: 4, used: 6 })).toBe(0);
  });

  test("tell the tightest class; what has no capacity is full only if it is used", () => {
    const sum = (capacity: number, used: number) => ({ total: 10, reserved: 0, capacity, used });
    expect(
      tightestOf(
        new Map([
          ["A", sum(10, 5)],
          ["B", sum(10, 7)],
        ]),
      ),
    ).toEqual({ resourceClass: "B", part: 0.7 });
    expect(tightestOf(new Map([["A", sum(0, 0)]]))).toBeUndefined();
    expect([usedPart(sum(0, 0)), usedPart(sum(0, 1)), usedPart(sum(4, 6))]).toEqual([null, 1, 1.5]);
  });
});

describe("a fleet", () => {
  test("has trees, which follow their providers", () => {
    const fleet = new Fleet();
    fleet.put([host("child", 8, 8, { parent: "root", root: "root" })]);
    expect(fleet.trees()).toEqual([]);
    fleet.put([host("root", 8, 0)]);
    expect(fleet.tree("root")?.tightest).toEqual({ resourceClass: "VCPU", part: 0.5 });
    fleet.put([host("child", 8, 0, { parent: "root", root: "root" })]);
    expect(fleet.tree("root")?.tightest?.part).toBe(0);
    fleet.put([host("child", 8, 8, { parent: "other", root: "other" }), host("other", 8, 0)]);
    expect(fleet.tree("root")?.providers).toHaveLength(1);
    expect(fleet.tree("other")?.providers).toHaveLength(2);
    fleet.remove("root");
    expect(fleet.trees().map(({ uuid }) => uuid)).toEqual(["other"]);
    expect(fleet.size).toBe(2);
  });

  const fleet = new Fleet();
  fleet.put([
    host("a1", 10, 1, { traits: ["CUSTOM_X"], aggregates: ["agg"] }),
    host("b2", 10, 9),
    host("b3", 10, 5, { parent: "b2", root: "b2", traits: ["CUSTOM_Y"] }),
    provider("c4"),
  ]);
  const ids = (filters: Partial<typeof NO_FILTERS>) =>
    filterTrees(fleet.trees(), { ...NO_FILTERS, ...filters }).map(({ uuid }) => uuid);

  test.each([
    [{}, ["a1", "b2", "c4"]],
    [{ text: "NAME-B3" }, ["b2"]],
    [{ text: "a1" }, ["a1"]],
    [{ trait: "custom_y" }, ["b2"]],
    [{ trait: "!CUSTOM_X" }, ["b2", "c4"]],
    [{ aggregate: "agg" }, ["a1"]],
    [{ aggregate: "agg", trait: "CUSTOM_Y" }, []],
  ])("is filtered by %j", (filters, expected) => {
    expect(ids(filters)).toEqual(expected);
  });

  describe.each([
    ["4e8e5957-649f-477b-9e5b-f1f75b21c03c", "4E8E5957-649F-477B-9E5B-F1F75B21C03C"],
    ["4E8E5957-649F-477B-9E5B-F1F75B21C03C", "4e8e5957649f477b9e5bf1f75b21c03c"],
    ["4e8e5957-649f-477b-9e5b-f1f75b21c03c", "urn:uuid:4e8e5957649f477b9e5bf1f75b21c03c"],
  ])("with %s, looked for as %s", (written, asked) => {
    const other = new Fleet();
    other.put([host("a1", 10, 1, { aggregates: [written] }), host(written.toLowerCase(), 10, 1)]);
    const found = (filters: Partial<typeof NO_FILTERS>) =>
      filterTrees(other.trees(), { ...NO_FILTERS, ...filters }).map(({ uuid }) => uuid);

    test("finds the aggregate, which is shown as it was written, and the provider", () => {
      expect(found({ aggregate: asked })).toEqual(["a1"]);
      expect(found({ text: asked })).toEqual([written.toLowerCase()]);
    });

    test("has the address of the one provider and consumer", () => {
      for (const view of ["provider", "consumers"] as const) {
        expect(routeOf(hashOf(view, asked)).id).toBe(written.toLowerCase());
      }
    });
  });

  test("is ordered by tightness, what has no capacity last", () => {
    expect(byTightness(fleet.trees(), "").map(({ uuid }) => uuid)).toEqual(["b2", "a1", "c4"]);
    const [first] = fleet.trees();
    expect(first && [shownPart(first, "VCPU"), shownPart(first, "VGPU")]).toEqual([0.1, null]);
    expect(namesIn(fleet.trees())).toEqual({
      classes: ["VCPU"],
      traits: ["CUSTOM_X", "CUSTOM_Y"],
      aggregates: ["agg"],
    });
  });

  test("has rows, each below its parent, and loses none", () => {
    const rows = rowsOf([
      host("r", 1, 0),
      host("y", 1, 0, { parent: "r", root: "r" }),
      host("x", 1, 0, { parent: "r", root: "r" }),
      host("z", 1, 0, { parent: "y", root: "r" }),
      host("lost", 1, 0, { parent: "gone", root: "r" }),
    ]);
    expect(rows.map(({ provider: { uuid }, depth }) => [uuid, depth])).toEqual([
      ["r", 0],
      ["x", 1],
      ["y", 1],
      ["z", 2],
      ["lost", 0],
    ]);
  });
});

describe("the heat map", () => {
  const members = (count: number, from = 0) =>
    Array.from({ length: count }, (_, index) => from + index);

  test.each([
    [1, 400, 300],
    [7, 400, 300],
    [1_000, 700, 540],
    [10_000, 700, 540],
    [50, 30, 900],
  ])("finds each of %i cells in %i by %i where it is drawn", (count, width, height) => {
    const rooms = roomsOf([{ name: "", members: members(count) }], width, height);
    const [room] = rooms;
    for (const index of members(count)) {
      const box = room && cellBox(room, index);
      expect(box && memberAt(rooms, box.x + box.width / 2, box.y + box.height / 2)).toBe(index);
      expect(box && box.y + box.height).toBeLessThanOrEqual(height + 1e-6);
    }
  });

  test("gives groups areas of their own", () => {
    const rooms = roomsOf(
      [
        { name: "a", members: members(30) },
        { name: "b", members: members(10, 30) },
      ],
      400,
      300,
    );
    const area = (at: number) => (rooms[at]?.box.width ?? 0) * (rooms[at]?.box.height ?? 0);
    expect(area(0) / area(1)).toBeGreaterThan(2);
    for (const room of rooms) {
      for (const [index, member] of room.members.entries()) {
        const { x, y, width, height } = cellBox(room, index);
        expect(memberAt(rooms, x + width / 2, y + height / 2)).toBe(member);
      }
    }
    expect(roomsOf([], 400, 300)).toEqual([]);
  });

  test("is enlarged about a point, and never leaves its frame", () => {
    const size = { width: 100, height: 100 };
    const at = { x: 30, y: 60 };
    const twice = zoomed(WHOLE, 2, at, size);
    expect(mapPoint(twice, at)).toEqual(at);
    expect(moved(twice, { x: 500, y: -500 }, size)).toEqual({ scale: 2, x: 0, y: -100 });
    expect(zoomed(twice, 0.1, at, size)).toEqual(WHOLE);
    expect(zoomed(WHOLE, 1_000, at, size).scale).toBe(MAX_SCALE);
  });

  test.each(["light", "dark"] as const)(
    "has colours whose ends differ in lightness: %s",
    (scheme) => {
      const lightness = (part: number) => {
        const [red = 0, green = 0, blue = 0] = (colourOf(part, scheme).match(/\d+/g) ?? []).map(
          Number,
        );
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      };
      const sign = scheme === "light" ? -1 : 1;
      expect(sign * (lightness(1) - lightness(0))).toBeGreaterThan(100);
      expect(colourOf(2, scheme)).toBe(colourOf(1, scheme));
    },
  );
});

describe("units", () => {
  test.each([
    ["MEMORY_MB", 512, "512 MiB"],
    ["MEMORY_MB", 131_072, "128 GiB"],
    ["DISK_GB", 1_536, "1.5 TiB"],
    ["VCPU", 9_999, "9,999"],
    ["VCPU", 128_000, "128K"],
    ["NET_BW_EGR_KILOBIT_PER_SEC", 5, "5"],
  ])("of %s: %i is %s", (name, value, text) => {
    expect(amount(name, value)).toBe(text);
  });

  test.each([
    [0, "0 %"],
    [0.001, "< 1 %"],
    [0.999, "99 %"],
    [1, "100 %"],
    [1.2, "120 %"],
    [null, "none"],
  ])("a part of %s is %s", (part, text) => {
    expect(percent(part)).toBe(text);
  });

  test("of time are two at most", () => {
    expect([duration(0), duration(61), duration(3_600), duration(200_000)]).toEqual([
      "0 s",
      "1 min 1 s",
      "1 h",
      "2 d 7 h",
    ]);
    const now = Date.parse("2026-01-31T12:00:00Z");
    expect(ago("2026-01-31T11:00:00Z", now)).toBe("1 h ago");
    expect(ago("2026-01-31T12:05:00Z", now)).toBe("in 5 min");
    expect(resourcesText({ VCPU: 2, MEMORY_MB: 2_048 })).toBe("2 VCPU, 2 GiB MEMORY_MB");
  });
});

test("addresses are read as they are written, and what is none is the fleet", () => {
  const hash = hashOf("why-not", undefined, { q: "resources=VCPU:1&required=!A,B", empty: "" });
  expect(routeOf(hash)).toEqual({
    view: "why-not",
    id: undefined,
    query: { q: "resources=VCPU:1&required=!A,B" },
  });
  expect(routeOf(hashOf("provider", "a/b"))).toEqual({ view: "provider", id: "a/b", query: {} });
  for (const none of ["", "#", "#/nowhere", "#code"]) expect(routeOf(none).view).toBe("fleet");
  expect(routeOf("#/provider/%").id).toBe("%");
});
