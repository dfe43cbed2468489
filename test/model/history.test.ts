/** Differences between two records, and what is left out of an event that is too large. */
import { describe, expect, test } from "vitest";
import { differencesOf } from "../../lib/model/history/differences.ts";
import { fitting, MAX_DIFFERENCES } from "../../lib/model/history/truncate.ts";
import { chance } from "../support/chance.ts";

describe("differences", () => {
  test("of texts are both texts, and of equal ones nothing", () => {
    const [before, after] = [
      { a: "x", b: "y", c: null },
      { a: "x", b: "z", c: "new" },
    ];
    expect(differencesOf(before, after)).toEqual({
      b: { before: "y", after: "z" },
      c: { before: null, after: "new" },
    });
    expect(differencesOf(before, before)).toEqual({});
    expect(differencesOf(undefined, { a: "x", b: null })).toEqual({
      a: { before: null, after: "x" },
    });
    expect(differencesOf({ a: "x" }, undefined)).toEqual({ a: { before: "x", after: null } });
  });

  test("of sets are what went and what came; both whole where only their order differs", () => {
    const of = (before: string[], after: string[]) => differencesOf({ a: before }, { a: after });
    expect(of(["x", "y"], ["y", "z"])).toEqual({ a: { before: ["x"], after: ["z"] } });
    expect(of(["x", "y"], ["y", "x"])).toEqual({ a: { before: ["x", "y"], after: ["y", "x"] } });
    expect(of(["x"], ["x"])).toEqual({});
    expect(differencesOf(undefined, { a: [] })).toEqual({});
    expect(differencesOf({ a: ["x"] }, undefined)).toEqual({ a: { before: ["x"], after: null } });
  });

  test("of maps are the entries that differ, whatever the order of their members", () => {
    const of = (before: object, after: object) =>
      differencesOf(
        { a: before as Record<string, unknown> },
        { a: after as Record<string, unknown> },
      );
    expect(of({ p: { V: 1 }, q: { V: 1 } }, { p: { V: 2 }, q: { V: 1 }, r: { V: 3 } })).toEqual({
      a: { before: { p: { V: 1 } }, after: { p: { V: 2 }, r: { V: 3 } } },
    });
    expect(of({ p: { V: 1, W: 2 }, q: {} }, { q: {}, p: { W: 2, V: 1 } })).toEqual({});
    expect(differencesOf(undefined, { a: {} })).toEqual({});
    expect(differencesOf(undefined, { a: { p: 1 } })).toEqual({
      a: { before: null, after: { p: 1 } },
    });
  });
});

describe("an event", () => {
  const small = { name: { before: "x", after: "y" } };
  const many = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`provider-${index}`, { V: 1 }]),
    );

  test("that fits is whole", () => {
    expect(fitting(small)).toEqual({ changes: small, truncated: false });
  });

  test("that does not fit keeps all texts and as many entries as fit, and says so", () => {
    const all = many(10_000);
    const { changes, truncated } = fitting({ allocations: { before: {}, after: all }, ...small });
    expect(truncated).toBe(true);
    expect(changes["name"]).toEqual(small.name);
    const kept = changes["allocations"]?.after as Record<string, unknown>;
    expect(all).toMatchObject(kept);
    expect(Object.keys(kept).length).toBeGreaterThan(1_000);
    const bytes = Buffer.byteLength(JSON.stringify(changes));
    expect([bytes <= MAX_DIFFERENCES, bytes > MAX_DIFFERENCES * 0.7]).toEqual([true, true]);
  });

  test("never exceeds its bound, whatever it has to tell", () => {
    const random = chance("truncated events");
    for (let round = 0; round < 300; round += 1) {
      const most = 200 + random.below(2_000);
      const texts = () =>
        Array.from({ length: random.below(60) }, () =>
          random.pick(["a", "\u{1f600}", '"', "\n"]).repeat(random.below(40)),
        );
      const map = () =>
        Object.fromEntries(texts().map((text, index) => [`${index}${text}`, texts()]));
      const changes = {
        sets: { before: texts(), after: texts() },
        maps: { before: map(), after: map() },
        text: { before: null, after: "x" },
      };
      const found = fitting(changes, most);
      expect(Buffer.byteLength(JSON.stringify(found.changes))).toBeLessThanOrEqual(most + AROUND);
      expect(found.truncated || JSON.stringify(found.changes) === JSON.stringify(changes)).toBe(
        true,
      );
    }
  });
});

/** Names, braces and commas around what is kept. */
const AROUND = 120;
