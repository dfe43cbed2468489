/** The search finds in any small world exactly what a brute-force search finds. */
import { inspect } from "node:util";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Candidate } from "../../lib/model/candidates/candidate.ts";
import type { CandidateQuery } from "../../lib/model/candidates/query.ts";
import { searchCandidates } from "../../lib/model/candidates/search.ts";
import { truncatedCapacity } from "../../lib/model/inventory.ts";
import type { Provider } from "../../lib/model/provider.ts";
import { buildSnapshot, updateSnapshot } from "../../lib/model/snapshot/build.ts";
import type { Snapshot } from "../../lib/model/snapshot/snapshot.ts";
import { chance } from "../support/chance.ts";
import { bruteForce, candidateText, type World } from "./brute-force.ts";
import { queries, worlds } from "./small-worlds.ts";
import { summarize } from "./summaries.ts";

const RUNS = Number(process.env["CANDIDATE_RUNS"] ?? 12_000);
const ENOUGH = { maxWork: 50_000_000 };
const TIMEOUT = 600_000;

const texts = (candidates: readonly Candidate[]) => candidates.map(candidateText).sort();

function find(snapshot: Snapshot, query: CandidateQuery): readonly Candidate[] {
  const { candidates, exhausted } = searchCandidates(snapshot, query, ENOUGH);
  expect(exhausted).toBe(false);
  return candidates;
}

/** Checks `property` on `runs` worlds and queries; a failure is shrunk and printed. */
function holds(
  what: string,
  runs: number,
  property: (world: Provider[], query: CandidateQuery) => void,
): void {
  const { seed } = chance(what);
  const pair = fc.tuple(worlds, queries).map(([world, query]) => ({
    world,
    query,
    [fc.toStringMethod]: () => inspect({ world: briefly(world), query }, { depth: 8 }),
  }));
  fc.assert(
    fc.property(pair, ({ world, query }) => property(world, query)),
    { seed, numRuns: runs },
  );
}

function briefly(world: World) {
  return world.map(({ state: { uuid, inventories }, profile }) => ({
    uuid,
    parent: profile.parent,
    traits: profile.traits,
    aggregates: profile.aggregates,
    inventories,
  }));
}

test(
  `the same candidates in ${RUNS} worlds, each once, and as many as the limit allows`,
  () => {
    let found = 0;
    let limited = 0;
    holds("brute force", RUNS, (world, query) => {
      const all = texts(bruteForce(world, query));
      const snapshot = buildSnapshot(world);
      expect(texts(find(snapshot, { ...query, limit: undefined }))).toEqual(all);
      if (all.length > 0) found += 1;
      if (query.limit === undefined) return;
      const some = texts(find(snapshot, query));
      expect(new Set(some).size).toBe(Math.min(query.limit, all.length));
      expect(some).toHaveLength(Math.min(query.limit, all.length));
      expect(all).toEqual(expect.arrayContaining(some));
      if (all.length > query.limit) limited += 1;
    });
    console.log(`${found} of ${RUNS} queries found something, ${limited} more than their limit`);
    expect(found).toBeGreaterThan(RUNS / 5);
    expect(limited).toBeGreaterThan(RUNS / 100);
  },
  TIMEOUT,
);

test(
  "shuffled, the same candidates",
  () => {
    const random = chance("shuffled");
    holds("shuffled worlds", RUNS / 10, (world, query) => {
      const all = texts(bruteForce(world, query));
      const options = { ...ENOUGH, random };
      const given = searchCandidates(buildSnapshot(world), { ...query, limit: undefined }, options);
      expect(texts(given.candidates)).toEqual(all);
    });
  },
  TIMEOUT,
);

test(
  "the same candidates in a snapshot that came about by changes",
  () => {
    holds("changed worlds", RUNS / 10, (world, query) => {
      const removed = world.filter((_, index) => index % 3 === 1).map(({ state }) => state.uuid);
      const stale = world.filter((_, index) => index % 2 === 0).map(withoutAnything);
      const before = updateSnapshot(buildSnapshot(stale), world, []);
      const grown = updateSnapshot(buildSnapshot(world.slice(0, 2)), world.slice(2), []);
      for (const snapshot of [before, grown]) {
        expect(texts(find(snapshot, { ...query, limit: undefined }))).toEqual(
          texts(bruteForce(world, query)),
        );
      }
      const left = world.filter(({ state, profile }) => {
        const gone = new Set(removed);
        return !gone.has(state.uuid) && !(profile.parent !== undefined && gone.has(profile.parent));
      });
      // A provider with children is never deleted: only worlds in which that holds count.
      if (left.length + removed.length !== world.length) return;
      const shrunk = updateSnapshot(buildSnapshot(world), [], removed);
      expect(texts(find(shrunk, { ...query, limit: undefined }))).toEqual(
        texts(bruteForce(left, query)),
      );
    });
  },
  TIMEOUT,
);

function withoutAnything({ state, profile }: Provider): Provider {
  const { uuid } = profile;
  return {
    state: { ...state, inventories: new Map() },
    profile: { ...profile, parent: undefined, root: uuid, traits: [], aggregates: [] },
  };
}

test(
  "summaries of the trees or providers that give resources",
  () => {
    holds("summaries", RUNS / 4, (world, query) => {
      const candidates = find(buildSnapshot(world), query);
      const asked = new Set(query.groups.flatMap(({ resources }) => [...resources.keys()]));
      for (const wholeTrees of [true, false]) {
        for (const classes of [undefined, asked]) {
          const options = { wholeTrees, classes };
          const given = summarize(buildSnapshot(world), candidates, options);
          const shown = given.map((summary) => ({ ...summary, traits: [...summary.traits] }));
          expect(shown.sort(byUuid)).toEqual(expectedSummaries(world, candidates, options));
        }
      }
    });
  },
  TIMEOUT,
);

interface Shown {
  readonly wholeTrees: boolean;
  readonly classes: ReadonlySet<number> | undefined;
}

function expectedSummaries(world: World, candidates: readonly Candidate[], shown: Shown) {
  const giving = new Set(candidates.flatMap(({ allocations }) => [...allocations.keys()]));
  const trees = new Set(
    world.filter(({ state }) => giving.has(state.uuid)).map(({ profile }) => profile.root),
  );
  return world
    .filter(({ state, profile }) =>
      shown.wholeTrees ? trees.has(profile.root) : giving.has(state.uuid),
    )
    .map(({ state, profile }) => ({
      uuid: state.uuid,
      parent: profile.parent,
      root: profile.root,
      resources: [...state.inventories]
        .filter(([id]) => shown.classes?.has(id) ?? true)
        .map(([id, inventory]) => ({
          id,
          capacity: truncatedCapacity(inventory),
          used: inventory.used,
        })),
      traits: profile.traits,
    }))
    .sort(byUuid);
}

const byUuid = (a: { readonly uuid: string }, b: { readonly uuid: string }) =>
  a.uuid < b.uuid ? -1 : 1;
