import { describe, expect, test } from "vitest";
import {
  type Content,
  type ContentProvider,
  inTreeOrder,
} from "../../lib/model/content/content.ts";
import { differenceLine, differencesOf } from "../../lib/model/content/differences.ts";
import { misfitsOf, misfitWords, STAND_IN, withStandIns } from "../../lib/model/content/misfits.ts";
import type { Inventory } from "../../lib/model/inventory.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import { uuidOf } from "../support/uuids.ts";

const uuid = (digit: number) => uuidOf(String(digit).repeat(32));
const [A, B, C, D] = [uuid(1), uuid(2), uuid(3), uuid(4)];

function inventory(given: Partial<Inventory>): Inventory {
  const usual = { total: 8, reserved: 0, minUnit: 1, maxUnit: 8, stepSize: 1, allocationRatio: 1 };
  return { ...usual, ...given };
}

function provider(id: Uuid, given: Partial<ContentProvider> = {}): ContentProvider {
  const empty = { inventories: new Map(), traits: new Set<string>(), aggregates: [] };
  return { uuid: id, name: `name-${id}`, parent: undefined, generation: 0, ...empty, ...given };
}

function content(given: {
  providers?: readonly ContentProvider[];
  held?: Readonly<Record<string, number>>;
  type?: string | null;
  classes?: readonly string[];
}): Content {
  const amounts = new Map(Object.entries(given.held ?? {}));
  const owner = { project: "p", user: "u", type: given.type ?? null };
  const consumer = { uuid: D, generation: 1, ...owner, allocations: new Map([[A, amounts]]) };
  return {
    classes: new Set(given.classes),
    traits: new Set(),
    providers: new Map((given.providers ?? []).map((each) => [each.uuid, each])),
    consumers: new Map(given.held === undefined ? [] : [[D, consumer]]),
  };
}

describe("the order of trees", () => {
  test("has parents before children, else the given order", () => {
    const given = [provider(A, { parent: C }), provider(B), provider(C, { parent: B })];
    const { providers } = content({ providers: given });
    expect(inTreeOrder(providers).map((each) => each.uuid)).toEqual([B, C, A]);
  });

  test("ends where parents go in a circle or are absent", () => {
    const given = [
      provider(A, { parent: B }),
      provider(B, { parent: A }),
      provider(C, { parent: D }),
    ];
    const { providers } = content({ providers: given });
    expect(inTreeOrder(providers)).toHaveLength(3);
  });
});

describe("differences", () => {
  const lines = (source: Content, table: Content) =>
    differencesOf(source, table).map(differenceLine);

  test("there are none between equal contents, in whichever order", () => {
    const of = (traits: string[], aggregates: string[]) =>
      content({ providers: [provider(A, { traits: new Set(traits), aggregates })] });
    expect(lines(of(["X", "Y"], [B, C]), of(["Y", "X"], [C, B]))).toEqual([]);
  });

  test("are one for each attribute", () => {
    const source = provider(A, { generation: 2, inventories: new Map([["VCPU", inventory({})]]) });
    const table = provider(A, { name: "a\nb", parent: B, traits: new Set(["X"]) });
    expect(lines(content({ providers: [source] }), content({ providers: [table] }))).toEqual([
      `provider ${A}: name: source "name-${A}", table "a\\nb"`,
      `provider ${A}: parent: source none, table "${B}"`,
      `provider ${A}: generation: source 2, table 0`,
      `provider ${A}: inventory of VCPU: source ${JSON.stringify(inventory({}))}, table none`,
      `provider ${A}: traits: source [], table ["X"]`,
    ]);
  });

  test("are what only one of them has, and of consumers each provider", () => {
    const source = content({ classes: ["CUSTOM_A"], held: { VCPU: 1 }, type: "X" });
    const table = content({ classes: ["CUSTOM_B"], held: { VCPU: 2 } });
    expect(lines(source, table)).toEqual([
      "resource class CUSTOM_A: only in the source",
      "resource class CUSTOM_B: only in the table",
      `consumer ${D}: type: source "X", table null`,
      `consumer ${D}: allocations on ${A}: source {"VCPU":1}, table {"VCPU":2}`,
    ]);
  });
});

describe("what does not fit", () => {
  const inventories = new Map([["VCPU", inventory({ total: 4, allocationRatio: 1.5 })]]);
  const of = (held: Record<string, number>) =>
    content({ providers: [provider(A, { inventories })], held });

  test("is not what fills the capacity", () => {
    expect(misfitsOf(of({ VCPU: 6 }))).toEqual([]);
  });

  test("is use beyond the capacity, and use without an inventory", () => {
    const found = misfitsOf(of({ VCPU: 7, MEMORY_MB: 1 }));
    expect(found.map(misfitWords)).toEqual([
      `provider ${A}: 7 of VCPU are held, its capacity is 6`,
      `provider ${A}: 1 of MEMORY_MB are held, of which it has no inventory`,
    ]);
    const stood = withStandIns(of({ VCPU: 7, MEMORY_MB: 1 }), found).providers.get(A);
    expect(stood?.inventories).toEqual(new Map([...inventories, ["MEMORY_MB", STAND_IN]]));
  });
});
