/** Trees of providers by the parents of their members. */
import { describe, expect, it } from "vitest";
import { hasChildren, type Parents, subtreeOf } from "../../lib/model/tree.ts";
import { numberedUuid } from "../support/providers.ts";

const [ROOT, LEFT, RIGHT] = [numberedUuid(1), numberedUuid(2), numberedUuid(3)];
const [LEAF, DEEP, STRANGER] = [numberedUuid(4), numberedUuid(5), numberedUuid(6)];

/** Children come before their parents. */
const parents: Parents = new Map([
  [DEEP, LEAF],
  [LEAF, LEFT],
  [RIGHT, ROOT],
  [LEFT, ROOT],
  [ROOT, undefined],
]);

describe("a subtree", () => {
  it("is all below its top, parents before children", () => {
    expect(subtreeOf(parents, ROOT)).toEqual([ROOT, RIGHT, LEFT, LEAF, DEEP]);
    expect(subtreeOf(parents, LEFT)).toEqual([LEFT, LEAF, DEEP]);
  });

  it("of a leaf, or of a provider of another tree, is itself", () => {
    expect(subtreeOf(parents, DEEP)).toEqual([DEEP]);
    expect(subtreeOf(parents, RIGHT)).toEqual([RIGHT]);
    expect(subtreeOf(parents, STRANGER)).toEqual([STRANGER]);
    expect(subtreeOf(new Map(), ROOT)).toEqual([ROOT]);
  });

  it("ends where damaged parents form a circle", () => {
    const circle: Parents = new Map([
      [LEFT, RIGHT],
      [RIGHT, LEFT],
    ]);
    expect(new Set(subtreeOf(circle, LEFT))).toEqual(new Set([LEFT, RIGHT]));
  });
});

describe("children", () => {
  it("are had by every parent, and by no leaf", () => {
    const having = [ROOT, LEFT, RIGHT, LEAF, DEEP, STRANGER].filter((each) =>
      hasChildren(parents, each),
    );
    expect(having).toEqual([ROOT, LEFT, LEAF]);
  });
});
