/** What a change of allocations makes of its consumers and of the providers' use. */
import { describe, expect, it } from "vitest";
import {
  type ClaimRequest,
  type PlannedConsumer,
  planConsumer,
  providerChanges,
} from "../../lib/model/claim.ts";
import type { Allocations, Consumer } from "../../lib/model/consumer.ts";
import { ConsumerGenerationConflict } from "../../lib/model/refusals/consumers.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import { numberedUuid } from "../support/providers.ts";

const [A, B, C] = [numberedUuid(1), numberedUuid(2), numberedUuid(3)];
const [ONE, TWO] = [numberedUuid(11), numberedUuid(12)];
const [VCPU, MEMORY] = [0, 1];
const STAMP = { writeId: "second", now: 2_000 };

type Held = readonly (readonly [Uuid, Readonly<Record<number, number>>])[];

/** Amounts by class, by provider, in this order; classes in ascending order. */
function holding(...held: Held): Allocations {
  return new Map(
    held.map(([provider, amounts]) => [
      provider,
      new Map(Object.entries(amounts).map(([id, amount]) => [Number(id), amount])),
    ]),
  );
}

function consumer(allocations: Allocations, more: Partial<Consumer> = {}): Consumer {
  return {
    uuid: ONE,
    generation: 4,
    writeId: "first",
    incarnation: "born",
    project: "old project",
    user: "old user",
    type: "INSTANCE",
    allocations,
    claimed: { at: 1_000, place: 7 },
    created: 500,
    updated: 1_000,
    ...more,
  };
}

function asking(allocations: Allocations, more: Partial<ClaimRequest> = {}): ClaimRequest {
  const owner = { project: "project", user: "user", type: "VOLUME" };
  return { consumer: ONE, generation: undefined, ...owner, allocations, ...more };
}

describe("a planned consumer", () => {
  const wanted = holding([A, { [VCPU]: 2 }]);

  it("that is new begins with generation 1 and an incarnation of its own", () => {
    const { before, after } = planConsumer(
      asking(wanted, { generation: null }),
      undefined,
      STAMP,
      3,
    );
    expect(before).toBeUndefined();
    expect(after).toEqual({
      uuid: ONE,
      generation: 1,
      writeId: "second",
      incarnation: "second",
      project: "project",
      user: "user",
      type: "VOLUME",
      allocations: wanted,
      claimed: { at: 2_000, place: 3 },
      created: 2_000,
      updated: 2_000,
    });
  });

  it("that is there keeps its incarnation and creation, and its generation rises by 1", () => {
    const known = consumer(holding([B, { [VCPU]: 1 }]));
    const { before, after } = planConsumer(asking(wanted, { generation: 4 }), known, STAMP, 0);
    expect(before).toBe(known);
    expect(after).toMatchObject({
      generation: 5,
      writeId: "second",
      incarnation: "born",
      project: "project",
      user: "user",
      type: "VOLUME",
      allocations: wanted,
      claimed: { at: 2_000, place: 0 },
      created: 500,
      updated: 2_000,
    });
  });

  it.each([
    ["keeps its type where none is named", undefined, "INSTANCE"],
    ["loses its type where none is wanted", null, null],
    ["takes the type that is named", "VOLUME", "VOLUME"],
  ])("%s", (_what, type, expected) => {
    const { after } = planConsumer(asking(wanted, { type }), consumer(wanted), STAMP, 0);
    expect(after?.type).toBe(expected);
  });

  it("that is new has no type where none is named", () => {
    expect(planConsumer(asking(wanted, { type: undefined }), undefined, STAMP, 0).after?.type).toBe(
      null,
    );
  });

  it("that is to hold nothing is gone afterwards, and raises the providers' generations", () => {
    const known = consumer(wanted);
    const planned = planConsumer(asking(holding(), { generation: 4 }), known, STAMP, 0);
    expect(planned.after).toBeUndefined();
    expect(planned.before).toBe(known);
    expect(planned.raisesEmptied).toBe(true);
  });

  it.each([
    ["another generation", 3, 4, "expected 4 but got 3"],
    ["a generation before it is there", 0, undefined, "expected null but got 0"],
    ["none, though it is there", null, 4, "expected 4 but got None"],
  ])("is refused with %s", (_what, generation, actual, words) => {
    const known = actual === undefined ? undefined : consumer(wanted, { generation: actual });
    const plan = () => planConsumer(asking(wanted, { generation }), known, STAMP, 0);
    expect(plan).toThrow(ConsumerGenerationConflict);
    expect(plan).toThrow(words);
  });

  it("is refused with a wrong generation even where it is to hold nothing", () => {
    const plan = () => planConsumer(asking(holding(), { generation: 0 }), undefined, STAMP, 0);
    expect(plan).toThrow(ConsumerGenerationConflict);
  });

  it("below 1.28 names no generation, and is taken at any", () => {
    for (const known of [undefined, consumer(wanted), consumer(wanted, { generation: 0 })]) {
      const { after } = planConsumer(asking(wanted), known, STAMP, 0);
      expect(after?.generation).toBe((known?.generation ?? 0) + 1);
    }
  });
});

function planned(before: Allocations | undefined, after: Allocations | undefined, more = {}) {
  return {
    request: { consumer: ONE, generation: undefined },
    before: before && consumer(before),
    after: after && consumer(after),
    raisesEmptied: true,
    ...more,
  } satisfies PlannedConsumer;
}

describe("the changes of providers", () => {
  it("of a first claim are its amounts, in the order of the request", () => {
    const wanted = holding([B, { [VCPU]: 2, [MEMORY]: 64 }], [A, { [VCPU]: 1 }]);
    expect(providerChanges([planned(undefined, wanted)])).toEqual([
      {
        provider: B,
        raisesGeneration: true,
        consumers: 1,
        classes: new Map([
          [VCPU, { difference: 2, claims: [{ amount: 2, before: 0, order: 0 }] }],
          [MEMORY, { difference: 64, claims: [{ amount: 64, before: 0, order: 1 }] }],
        ]),
      },
      {
        provider: A,
        raisesGeneration: true,
        consumers: 1,
        classes: new Map([[VCPU, { difference: 1, claims: [{ amount: 1, before: 0, order: 2 }] }]]),
      },
    ]);
  });

  it("of a claim that is repeated are claims that differ by nothing", () => {
    const same = holding([A, { [VCPU]: 2 }]);
    expect(providerChanges([planned(same, same)])).toEqual([
      {
        provider: A,
        raisesGeneration: true,
        consumers: 0,
        classes: new Map([[VCPU, { difference: 0, claims: [{ amount: 2, before: 2, order: 0 }] }]]),
      },
    ]);
  });

  it("release a class that is no longer named, without a claim", () => {
    const [before, after] = [
      holding([A, { [VCPU]: 2, [MEMORY]: 64 }]),
      holding([A, { [VCPU]: 3 }]),
    ];
    const [change] = providerChanges([planned(before, after)]);
    expect(change?.classes).toEqual(
      new Map([
        [VCPU, { difference: 1, claims: [{ amount: 3, before: 2, order: 0 }] }],
        [MEMORY, { difference: -64, claims: [] }],
      ]),
    );
    expect(change?.consumers).toBe(0);
  });

  it("of a move raise the generation of the provider that is named, not of the one that is left", () => {
    const [from, to] = [holding([A, { [VCPU]: 2 }]), holding([B, { [VCPU]: 2 }])];
    const changes = providerChanges([planned(from, to)]);
    const briefly = changes.map(({ provider, raisesGeneration, consumers, classes }) => [
      provider,
      raisesGeneration,
      consumers,
      classes.get(VCPU)?.difference,
    ]);
    expect(briefly).toEqual([
      [B, true, 1, 2],
      [A, false, -1, -2],
    ]);
  });

  it.each([true, false])("of emptying raise generations: %s", (raisesEmptied) => {
    const held = holding([A, { [VCPU]: 2 }], [B, { [VCPU]: 1 }]);
    const changes = providerChanges([planned(held, undefined, { raisesEmptied })]);
    expect(changes.map(({ raisesGeneration }) => raisesGeneration)).toEqual([
      raisesEmptied,
      raisesEmptied,
    ]);
    expect(changes.map(({ consumers }) => consumers)).toEqual([-1, -1]);
    expect(changes.map(({ classes }) => classes.get(VCPU))).toEqual([
      { difference: -2, claims: [] },
      { difference: -1, claims: [] },
    ]);
  });

  it("of several consumers add up, and each claim keeps its place", () => {
    const first = planned(holding([A, { [VCPU]: 5 }]), undefined, { raisesEmptied: false });
    const second = planned(undefined, holding([B, { [VCPU]: 1 }], [A, { [VCPU]: 4 }]));
    const third = planned(holding([A, { [VCPU]: 1 }]), holding([A, { [VCPU]: 3, [MEMORY]: 8 }]));
    const request = { consumer: TWO, generation: undefined };
    const changes = providerChanges([first, { ...second, request }, third]);
    expect(changes).toEqual([
      {
        provider: A,
        raisesGeneration: true,
        consumers: 0,
        classes: new Map([
          [
            VCPU,
            {
              difference: 1,
              claims: [
                { amount: 4, before: 0, order: 1 },
                { amount: 3, before: 1, order: 2 },
              ],
            },
          ],
          [MEMORY, { difference: 8, claims: [{ amount: 8, before: 0, order: 3 }] }],
        ]),
      },
      {
        provider: B,
        raisesGeneration: true,
        consumers: 1,
        classes: new Map([[VCPU, { difference: 1, claims: [{ amount: 1, before: 0, order: 0 }] }]]),
      },
    ]);
  });

  it("do not raise a generation again that the first consumer raised alone", () => {
    const named = planned(undefined, holding([A, { [VCPU]: 1 }]));
    const left = planned(holding([A, { [VCPU]: 1 }]), holding([C, { [VCPU]: 1 }]));
    const [change] = providerChanges([named, left]);
    expect(change).toMatchObject({ provider: A, raisesGeneration: true, consumers: 0 });
  });

  it("are none where nothing was held and nothing is wanted", () => {
    expect(providerChanges([planned(undefined, undefined)])).toEqual([]);
    expect(providerChanges([])).toEqual([]);
  });
});
