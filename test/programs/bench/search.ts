/** What a search costs: by the number of providers, by the limit, by the number of groups. */
import type { CandidateQuery } from "../../../lib/model/candidates/query.ts";
import { searchCandidates } from "../../../lib/model/candidates/search.ts";
import type { Provider } from "../../../lib/model/provider.ts";
import { buildSnapshot } from "../../../lib/model/snapshot/build.ts";
import type { Snapshot } from "../../../lib/model/snapshot/snapshot.ts";
import { DISK_GB, flat, MEMORY_MB, nested, VCPU, VGPU, wide } from "./fleets.ts";
import { type Effort, timeOf } from "./measure.ts";
import { group, query } from "./queries.ts";
import { heading, table, target } from "./report.ts";

const OPTIONS = { maxWork: 1_000_000_000 };
const TRAIT = 3;

/** @param share of a large host's processors: more than a half is scarce */
const flatQuery = (limit?: number, share = 1 / 32): CandidateQuery =>
  query(
    [group("", { [VCPU]: 128 * share, [MEMORY_MB]: 8_192, [DISK_GB]: 40 }, [TRAIT])],
    limit === undefined ? {} : { limit },
  );

const nestedQuery = (limit?: number, share = 1 / 16): CandidateQuery =>
  query(
    [
      group("", { [DISK_GB]: 40 }),
      group("1", { [VCPU]: 64 * share, [MEMORY_MB]: 8_192 }),
      group("2", { [VGPU]: 1 }, [TRAIT]),
    ],
    { policy: "none", ...(limit === undefined ? {} : { limit }) },
  );

const SCARCE = 3 / 4;

function search(snapshot: Snapshot, asked: CandidateQuery) {
  return searchCandidates(snapshot, asked, OPTIONS);
}

interface World {
  readonly name: string;
  readonly providers: () => Provider[];
  readonly query: (limit?: number, share?: number) => CandidateQuery;
  /** Milliseconds to reach with `limit=100`, whether hosts are plenty or scarce. */
  readonly most?: number;
}

export function benchProviders(effort: Effort, largest: number): void {
  heading("A warm search by the number of providers: all hosts fit, or one in 200");
  const sizes = [1_000, 10_000, 100_000].filter((size) => size <= largest);
  const most: Readonly<Record<number, number>> = { 10000: 5, 100000: 30 };
  const worlds = sizes.flatMap((size): World[] => [
    {
      name: `${size.toLocaleString("en")} flat hosts`,
      providers: () => flat(size),
      query: flatQuery,
      ...(most[size] === undefined ? {} : { most: most[size] }),
    },
    {
      name: `${Math.round(size / 11).toLocaleString("en")} trees of 11`,
      providers: () => nested(Math.round(size / 11)),
      query: nestedQuery,
    },
  ]);
  const rows = worlds.map(({ name, providers, query: ask, most: goal }) => {
    const list = providers();
    const snapshot = buildSnapshot(list);
    const build = timeOf(() => buildSnapshot(list), { ...effort, minRuns: 1 });
    const limited = timeOf(() => search(snapshot, ask(100)), effort);
    const all = search(snapshot, ask()).candidates.length;
    const unlimited = timeOf(() => search(snapshot, ask()), { ...effort, minRuns: 1 });
    const few = timeOf(() => search(snapshot, ask(100, SCARCE)), effort);
    const found = search(snapshot, ask(100, SCARCE)).candidates.length;
    const worst = Math.max(limited, few);
    const reached = goal === undefined ? "" : target(`limit=100, ${name}`, worst, goal);
    const each = (1_000 * unlimited) / all;
    return [name, build, limited, few, found, goal ?? "", reached, all, unlimited, each];
  });
  const limit = ["limit=100 ms", "scarce ms", "found", "to reach", "reached"];
  table(["world", "build ms", ...limit, "no limit: found", "ms", "µs each"], rows);
}

export function benchLimit(effort: Effort, size: number): void {
  heading(`By limit, ${size.toLocaleString("en")} flat hosts and as many providers in trees of 11`);
  const worlds = [
    { snapshot: buildSnapshot(flat(size)), ask: flatQuery },
    { snapshot: buildSnapshot(nested(Math.round(size / 11))), ask: nestedQuery },
  ];
  const rows = [1, 10, 100, 1_000, 10_000].map((limit) => [
    limit,
    ...worlds.flatMap(({ snapshot, ask }) => {
      const time = timeOf(() => search(snapshot, ask(limit)), effort);
      return [time, search(snapshot, ask(limit)).candidates.length];
    }),
  ]);
  table(["limit", "flat ms", "candidates", "nested ms", "candidates"], rows);
}

/** Each group asks for one device of a tree that has 8: 8 to the power of the groups. */
export function benchGroups(effort: Effort): void {
  heading("By the number of groups, one tree with 8 devices of one class, limit=1000");
  const snapshot = buildSnapshot(wide(8, 6));
  const ask = (count: number) => {
    const suffixes = Array.from({ length: count }, (_, n) => String(n + 1));
    return query(
      suffixes.map((suffix) => group(suffix, { [VGPU]: 1 })),
      { policy: "none", limit: 1_000 },
    );
  };
  const rows = [1, 2, 3, 4, 5, 6].map((count) => {
    const time = timeOf(() => search(snapshot, ask(count)), effort);
    const found = search(snapshot, ask(count)).candidates.length;
    return [count, 8 ** count, found, time, (1_000 * time) / found];
  });
  table(["groups", "candidates there are", "found", "ms", "µs each"], rows);
  benchExplosion(effort);
}

function benchExplosion(effort: Effort): void {
  heading(
    "262,144 candidates (6 groups, 8 devices) against a tree that has just 1,000 (3 groups, 10)",
  );
  const cases = [
    { devices: 10, groups: 3 },
    { devices: 8, groups: 6 },
  ].map(({ devices, groups }) => {
    const snapshot = buildSnapshot(wide(devices, groups));
    const suffixes = Array.from({ length: groups }, (_, n) => String(n + 1));
    const asked = query(
      suffixes.map((suffix) => group(suffix, { [VGPU]: 1 })),
      { policy: "none", limit: 1_000 },
    );
    const found = search(snapshot, asked).candidates.length;
    return { devices, groups, found, time: timeOf(() => search(snapshot, asked), effort) };
  });
  const base = cases[0]?.time ?? Number.NaN;
  const rows = cases.map(({ devices, groups, found, time }) => {
    const ratio = time / base;
    const reached = target(`${devices ** groups} candidates, limit=1000`, ratio, 10);
    return [devices ** groups, groups, devices, found, time, ratio, reached];
  });
  table(["candidates", "groups", "devices", "found", "ms", "ratio", "at most 10"], rows);
}
