/** Which projects a function keeps, and when requests share a refresh. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { JoinedRefreshes } from "../../lib/store/cache/joined.ts";
import { ProjectUsages } from "../../lib/store/cache/usages/cache.ts";
import { Learning } from "../../lib/store/cache/usages/learning.ts";
import type { UsageLimits } from "../../lib/store/cache/usages/limits.ts";
import { userHash } from "../../lib/store/items/project-consumer.ts";
import { fastClock } from "../support/fast-clock.ts";
import { useApi } from "../support/frame.ts";
import { readInFull } from "../support/large-project.ts";
import { latch } from "../support/latch.ts";
import { readingStore } from "../support/warm.ts";
import { claimBody, makeProvider } from "../support/world.ts";

const LIMITS: UsageLimits = { least: 3, most: 6, total: 12, projects: 3, perKey: 1, avoidable: 1 };
const MINUTE = 60_000;
/** Long after everything that was read. */
const NOW = Number.MAX_SAFE_INTEGER;
const api = useApi();
let host: string;

beforeAll(async () => {
  host = await makeProvider(api, { VCPU: 1_000 });
});

async function fill(count: number, project: string = randomUUID()): Promise<string> {
  for (let n = 0; n < count; n += 1) {
    const own = { project_id: project, user_id: n === 0 ? "first" : "others" };
    const body = { ...claimBody({ [host]: { VCPU: 1 } }, null), ...own };
    await api.request("PUT", `/allocations/${randomUUID()}`, { body });
  }
  return project;
}

const refreshed = (cache: ProjectUsages, project: string) =>
  readingStore(api).list(async (reader) => cache.find(project, undefined, NOW)?.fresh(reader));

/** As requests do. */
async function ask(cache: ProjectUsages, project: string): Promise<number> {
  const kept = await refreshed(cache, project);
  const groups = kept?.sums.groups(undefined, undefined);
  const read = groups ?? (await readInFull(api, project, undefined, undefined));
  const count = [...read.values()].reduce((sum, each) => sum + each.count, 0);
  cache.found(project, count);
  return count;
}

describe("a project", () => {
  test.each([
    [2, false],
    [3, true],
    [6, true],
    [7, false],
  ])("of %d consumers is kept: %s", async (count, isKept) => {
    const cache = new ProjectUsages(MINUTE, LIMITS);
    const project = await fill(count);
    for (let n = 0; n < 3; n += 1) expect(await ask(cache, project)).toBe(count);
    expect(cache.find(project, undefined, NOW) !== undefined).toBe(isKept);
    expect(cache.find(project, userHash("first"), NOW)).toBeUndefined();
    expect(cache.find(project, userHash("others"), NOW) !== undefined).toBe(isKept && count > 3);
  });

  test.each([
    ["grows beyond what is kept", 4],
    ["grows far beyond it", 12],
    ["shrinks", -3],
  ])("that %s is kept no longer", async (_, more) => {
    const cache = new ProjectUsages(MINUTE, LIMITS);
    const project = await fill(5);
    for (let n = 0; n < 3; n += 1) await ask(cache, project);
    if (more > 0) await fill(more, project);
    const { body } = await api.request("GET", `/resource_providers/${host}/allocations`);
    const listed = await api.request("GET", `/consumers?project_id=${project}`);
    const uuids: string[] = listed.body.consumers.map(({ uuid }: { uuid: string }) => uuid);
    expect(Object.keys(body.allocations)).toEqual(expect.arrayContaining(uuids));
    for (const uuid of uuids.slice(0, Math.max(0, -more))) {
      await api.request("DELETE", `/allocations/${uuid}`);
    }
    for (let n = 0; n < 2; n += 1) expect(await ask(cache, project)).toBe(5 + more);
    expect(cache.find(project, undefined, NOW)).toBeUndefined();
  });

  test("that is read in full twice in a row: its users are read by themselves for a second", async () => {
    const cache = new ProjectUsages(MINUTE, LIMITS);
    const project = await fill(6);
    const isKept = (ahead: number) =>
      cache.find(project, userHash("others"), api.runtime.clock.now() + ahead) !== undefined;
    const seen: boolean[] = [];
    // The first only finds that it is large; the others read it in full, since more changes each time.
    for (let n = 0; n < 5; n += 1) {
      await fill(20);
      await ask(cache, project);
      seen.push(isKept(0));
    }
    expect(seen).toEqual([false, true, false, true, false]);
    expect(isKept(1_001)).toBe(true);
    await ask(cache, project);
    await ask(cache, project);
    expect(isKept(0)).toBe(true);
  });

  test("gives way to others that were used later", async () => {
    const cache = new ProjectUsages(MINUTE, LIMITS);
    const projects = [await fill(5), await fill(5), await fill(5)];
    for (const project of projects) for (let n = 0; n < 2; n += 1) await ask(cache, project);
    const kept = projects.map((each) => cache.find(each, undefined, NOW) !== undefined);
    expect(kept).toEqual([false, true, true]);
    const small = [await fill(3), await fill(3), await fill(3)];
    for (const project of small) for (let n = 0; n < 2; n += 1) await ask(cache, project);
    const left = [...projects, ...small].map(
      (each) => cache.find(each, undefined, NOW) !== undefined,
    );
    expect(left).toEqual([false, false, false, true, true, true]);
  });
});

describe("the providers of consumers are read", () => {
  const patience = (learning: Learning) => {
    let count = 0;
    while (!learning.pays) {
      learning.avoidable();
      count += 1;
    }
    return count;
  };
  const learning = () => new Learning({ least: 2, worth: 3 });

  test("later each time that this has not paid, and as soon as ever when it has", () => {
    const given = learning();
    const waited: number[] = [];
    for (const spared of [0, 2, 1, 0, 0, 3, 0]) {
      waited.push(patience(given));
      given.learned(0);
      for (let n = 0; n < spared; n += 1) given.spared();
      given.forget();
      expect(given.isKnown).toBe(false);
    }
    expect(waited).toEqual([2, 4, 8, 16, 24, 24, 2]);
  });

  test("again, after full reads in a row that kept the knowledge and spared none", () => {
    const given = learning();
    given.learned(0);
    for (let n = 0; n < 20; n += 1) {
      for (let check = 0; check < 8; check += 1) given.checked();
      expect(given.isKnown).toBe(true);
      given.spared();
    }
    for (let check = 0; check < 9; check += 1) given.checked();
    expect(given.isKnown).toBe(false);
  });

  test("again after a time, and when the clock was set back", () => {
    for (const [now, isKnown] of [
      [10, true],
      [15, true],
      [16, false],
      [9, false],
    ] as const) {
      const given = learning();
      given.learned(10);
      given.forgetAfter(5, now);
      expect([now, given.isKnown]).toEqual([now, isKnown]);
    }
  });
});

describe("refreshes", () => {
  test("one that takes longer than its request has time is not the last one any more", async () => {
    const clock = fastClock();
    const refreshes = new JoinedRefreshes<boolean>();
    const go = latch();
    const slow = async (isLast: () => boolean) => {
      await go.opened;
      return isLast();
    };
    const first = refreshes.join({ clock, deadline: clock.now() + 10 }, slow);
    clock.pass(10);
    const second = refreshes.join({ clock, deadline: clock.now() + 10 }, slow);
    go.open();
    expect(await Promise.all([first, second])).toEqual([false, true]);
  });

  test("a request never gets what was begun before it", async () => {
    const clock = fastClock();
    const refreshes = new JoinedRefreshes<number>();
    const context = { clock, deadline: clock.now() + 10 };
    let begun = 0;
    const go = latch();
    const refresh = async () => {
      begun += 1;
      const own = begun;
      await go.opened;
      return own;
    };
    const answers = [1, 2, 3, 4].map(() => refreshes.join(context, refresh));
    go.open();
    expect(await Promise.all(answers)).toEqual([1, 2, 2, 2]);
    expect(await refreshes.join(context, refresh)).toBe(3);
  });
});
