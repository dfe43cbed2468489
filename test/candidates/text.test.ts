/** The text of an answer is that of its document, character by character, at every version. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { candidatesText } from "../../functions/allocation-candidates/text.ts";
import { searchCandidates } from "../../lib/model/candidates/search.ts";
import { MAX_MINOR, minor, versionText } from "../../lib/model/microversion.ts";
import { buildSnapshot, updateSnapshot } from "../../lib/model/snapshot/build.ts";
import type { NameDirectory } from "../../lib/store/cache/names.ts";
import type { Store } from "../../lib/store/store.ts";
import { chance } from "../support/chance.ts";
import { candidatesDocument } from "./document-oracle.ts";
import { queries, worlds } from "./small-worlds.ts";

const VERSIONS = Array.from({ length: MAX_MINOR - 9 }, (_, index) => minor(`1.${10 + index}`));
const RUNS = 60;
/** The machine may be busy. */
const TIMEOUT = 120_000;

/** Every id has a name, but for those that are missing. */
function directory(kind: NameDirectory["kind"], missing: readonly number[] = []): NameDirectory {
  const nameOf = (id: number) =>
    missing.includes(id) ? undefined : `N${(7919 * id) % 9973}_${id}`;
  return { kind, nameOf, idOf: () => undefined };
}

function storeOf(classes: NameDirectory, traits: NameDirectory): Store {
  return { classes: async () => classes, traits: async () => traits } as Partial<Store> as Store;
}

const complete = storeOf(directory("CLASSES"), directory("TRAITS"));
const deleted = storeOf(directory("CLASSES", [65_536]), directory("TRAITS", [65_536]));

const cases = fc.record({
  world: worlds,
  query: queries,
  moved: fc.nat(),
  shuffle: fc.option(fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1 })),
  store: fc.constantFrom(complete, complete, deleted),
  explanation: fc.option(fc.jsonValue({ maxDepth: 2 }), { nil: undefined, freq: 3 }),
});

describe("an answer with candidates", () => {
  test(
    "is the document's text in random worlds",
    async () => {
      const { seed } = chance("texts of answers");
      let found = 0;
      const property = fc.asyncProperty(
        cases,
        async ({ world, query, moved, shuffle, ...rest }) => {
          const before = buildSnapshot(world);
          // Not only a snapshot as it was built: a provider has left it and come back.
          const some = world.slice(moved % world.length).slice(0, 1);
          const gone = updateSnapshot(
            before,
            [],
            some.map(({ state }) => state.uuid),
          );
          const snapshot = updateSnapshot(gone, some, []);
          let drawn = 0;
          const fraction = () => shuffle?.[drawn++ % shuffle.length] ?? 0;
          const random = shuffle === null ? {} : { random: { fraction } };
          const { candidates } = searchCandidates(snapshot, query, { maxWork: 100_000, ...random });
          found += candidates.length;
          const shown = { snapshot, query, candidates };
          for (const version of VERSIONS) {
            const document = await candidatesDocument(rest.store, shown, version);
            const { explanation } = rest;
            const whole = explanation === undefined ? document : { ...document, explanation };
            const text = await candidatesText(rest.store, shown, version, explanation);
            const expected = JSON.stringify(whole);
            if (text("/base") !== expected) {
              expect(text("/base"), versionText(version)).toBe(expected);
            }
          }
        },
      );
      await fc.assert(property, { seed, numRuns: RUNS });
      expect(found).toBeGreaterThan(RUNS / 2);
    },
    TIMEOUT,
  );
});
