/** Small random worlds, and queries that have a fair chance to find something in them. */
import * as fc from "fast-check";
import type { CandidateQuery, RequestGroup } from "../../lib/model/candidates/query.ts";
import { withUse } from "../../lib/model/inventory.ts";
import type { Provider } from "../../lib/model/provider.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import { fleetProvider, fleetUuid } from "../support/fleet.ts";
import { SHARES } from "./brute-force.ts";

const MAX_PROVIDERS = 7;
const MAX_DEPTH = 3;
const TRAITS = [11, 22, 65_536];
const CLASSES = [0, 1, 65_536];
const AGGREGATES: readonly Uuid[] = [0, 1, 2].map((n) => fleetUuid(0xa66, n));
const SUFFIXES = ["1", "2", "_NET"];
/** All ways to choose are tried: this bounds their number. */
const MAX_SLOTS = 4;

export const uuidOf = (index: number): Uuid => fleetUuid(0x9, index);

const roomy = { reserved: 0, minUnit: 1, maxUnit: 9, stepSize: 1, allocationRatio: 1 };

const tight = fc
  .record({
    total: fc.integer({ min: 1, max: 9 }),
    reserved: fc.integer({ min: 0, max: 1 }),
    minUnit: fc.constantFrom(1, 1, 1, 2),
    maxUnit: fc.integer({ min: 1, max: 6 }),
    stepSize: fc.constantFrom(1, 1, 1, 1, 2),
    allocationRatio: fc.constantFrom(1, 1, 1.5, 0.7),
    used: fc.constantFrom(0, 0, 0, 1, 3),
  })
  .map(({ used, ...given }) => withUse(given, used));

const inventory = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(3, 9).map((total) => withUse({ total, ...roomy }, 0)) },
  { weight: 1, arbitrary: tight },
);

const given = fc.record({
  /** 0 makes a root, others choose among the providers before. */
  parent: fc.nat({ max: 8 }),
  traits: fc.subarray(TRAITS),
  sharing: fc.constantFrom(false, false, true),
  aggregates: fc.subarray([...AGGREGATES], { maxLength: 2 }),
  /** Of each class, in the order of `CLASSES`. */
  inventories: fc.tuple(...CLASSES.map(() => fc.option(inventory, { nil: undefined, freq: 4 }))),
});

export const worlds: fc.Arbitrary<Provider[]> = fc
  .oneof(
    { weight: 1, arbitrary: fc.array(given, { minLength: 1, maxLength: MAX_PROVIDERS }) },
    { weight: 4, arbitrary: fc.array(given, { minLength: 4, maxLength: MAX_PROVIDERS }) },
  )
  .map((list) => {
    const providers: Provider[] = [];
    const depths: number[] = [];
    for (const [index, each] of list.entries()) {
      const above = (each.parent - 1) % Math.max(1, index);
      const isChild = each.parent > 0 && index > 0 && (depths[above] ?? 0) < MAX_DEPTH - 1;
      const parent = isChild ? providers[above] : undefined;
      depths.push(parent === undefined ? 0 : (depths[above] ?? 0) + 1);
      const traits = [...each.traits, ...(each.sharing ? [SHARES] : [])].sort((a, b) => a - b);
      const made = fleetProvider({
        uuid: uuidOf(index),
        parent: parent?.state.uuid,
        root: parent?.profile.root ?? uuidOf(index),
        traits,
        aggregates: each.aggregates,
      });
      const inventories = new Map(
        each.inventories.flatMap((one, n) => (one === undefined ? [] : [[CLASSES[n] ?? 0, one]])),
      );
      providers.push({ ...made, state: { ...made.state, inventories } });
    }
    return providers;
  });

const seldom = <T>(arbitrary: fc.Arbitrary<T>, otherwise: T, weight = 6) =>
  fc.oneof({ weight, arbitrary: fc.constant(otherwise) }, { weight: 1, arbitrary });

const someTraits = fc.record({
  anyOf: fc.array(fc.subarray([...TRAITS, SHARES], { minLength: 1, maxLength: 2 }), {
    maxLength: 2,
  }),
  forbidden: fc.subarray([...TRAITS, SHARES], { maxLength: 1 }),
});

const traits = seldom(someTraits, { anyOf: [], forbidden: [] });

const aggregates = seldom(
  fc.record({
    anyOf: fc.array(fc.subarray([...AGGREGATES], { minLength: 1, maxLength: 2 }), {
      maxLength: 2,
    }),
    forbidden: fc.subarray([...AGGREGATES], { maxLength: 1 }),
  }),
  { anyOf: [], forbidden: [] },
);

const amounts = fc.uniqueArray(
  fc.tuple(fc.constantFrom(...CLASSES), fc.constantFrom(1, 1, 1, 2, 3)),
  { minLength: 1, maxLength: 2, selector: ([id]) => id },
);

// One more than there may be: an unknown provider.
const inTree = seldom(fc.nat({ max: MAX_PROVIDERS }).map(uuidOf), undefined, 8);

function group(suffix: string): fc.Arbitrary<RequestGroup> {
  const resources = amounts.map((list) => new Map(list));
  return fc.record({ suffix: fc.constant(suffix), resources, traits, aggregates, inTree });
}

function resourceless(suffix: string): fc.Arbitrary<RequestGroup> {
  const resources = fc.constant(new Map<number, number>());
  const asked = { traits: someTraits, aggregates, inTree };
  return fc.record({ suffix: fc.constant(suffix), resources, ...asked });
}

const groups = fc
  .record({
    unsuffixed: fc.option(group("")),
    suffixed: fc
      .uniqueArray(fc.constantFrom(...SUFFIXES), { maxLength: 3 })
      .chain((suffixes) =>
        fc.tuple(
          ...suffixes.map((suffix) =>
            fc.oneof(
              { weight: 4, arbitrary: group(suffix) },
              { weight: 1, arbitrary: resourceless(suffix) },
            ),
          ),
        ),
      ),
  })
  .map(({ unsuffixed, suffixed }) => [...(unsuffixed === null ? [] : [unsuffixed]), ...suffixed])
  .filter((list) => list.some(({ resources }) => resources.size > 0))
  .filter((list) => slotCount(list) <= MAX_SLOTS);

function slotCount(list: readonly RequestGroup[]): number {
  return list.reduce((sum, { suffix, resources }) => sum + (suffix === "" ? resources.size : 1), 0);
}

export const queries: fc.Arbitrary<CandidateQuery> = groups.chain((list) => {
  const suffixes = list.map(({ suffix }) => suffix).filter((suffix) => suffix !== "");
  const subtree = fc.subarray(suffixes, { minLength: Math.min(1, suffixes.length) });
  // Below 1.29 there are no groups without resources.
  const late = list.some(({ resources }) => resources.size === 0);
  return fc.record({
    groups: fc.constant(list),
    groupPolicy: fc.constantFrom("none" as const, "isolate" as const, undefined),
    rootRequired: seldom(
      fc.record({
        required: fc.subarray(TRAITS, { maxLength: 1 }),
        forbidden: fc.subarray(TRAITS, { maxLength: 1 }),
      }),
      { required: [], forbidden: [] },
      5,
    ),
    sameSubtrees:
      suffixes.length === 0
        ? fc.constant([])
        : seldom(fc.array(subtree, { minLength: 1, maxLength: 2 }), []),
    limit: seldom(fc.integer({ min: 1, max: 4 }), undefined),
    nested: late ? fc.constant(true) : fc.constantFrom(true, true, false),
  });
});
