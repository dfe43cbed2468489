/** The task that writes pages of profiles: which it writes, and when it lets a profile out. */
import { expect, test, vi } from "vitest";
import { finishChanges } from "../../functions/maintenance/finish-changes.ts";
import { writePages } from "../../functions/maintenance/write-profile-pages.ts";
import { taskLambda } from "../../lib/api/task.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import { profilePageOf, shardOfPage } from "../../lib/store/items/profile-page.ts";
import { SHARDS } from "../../lib/store/items/shard.ts";
import { type Api, startApi } from "../support/api.ts";
import { chance } from "../support/chance.ts";
import { exactColdView, profilePages, sameColdViews, writeAllPages } from "../support/cold.ts";
import { fastClock } from "../support/fast-clock.ts";
import { drawnHosts } from "../support/fleet.ts";
import { type Death, isCommit, Mortality } from "../support/mortal.ts";
import { seedProviders } from "../support/seeded.ts";
import { makeProvider } from "../support/world.ts";

// What a dead function would say is of no interest.
vi.spyOn(console, "error").mockImplementation(() => undefined);

const run = (api: Api, input: object) => taskLambda(writePages, async () => api.runtime)(input);

async function copies(api: Api): Promise<Set<Uuid>> {
  const pages = await profilePages(api);
  return new Set(
    pages.flatMap((item) => profilePageOf(item)?.profiles.map(({ uuid }) => uuid) ?? []),
  );
}

const rename = (api: Api, uuid: Uuid, name: string) =>
  api.request("PUT", `/resource_providers/${uuid}`, { body: { name } });

test("a run writes the pages that are not as they should be, and the next one nothing", async () => {
  const api = await startApi();
  expect(await writeAllPages(api)).toEqual({ found: 0, done: 0, complete: true });
  const [first, second] = [await makeProvider(api), await makeProvider(api)];
  const count = (await writeAllPages(api)).done;
  expect(count).toBe(new Set((await profilePages(api)).map(shardOfPage)).size);
  expect(await copies(api)).toEqual(new Set([first, second]));
  const before = await profilePages(api);
  expect(await writeAllPages(api)).toEqual({ found: 0, done: 0, complete: true });
  expect(await profilePages(api)).toEqual(before);
  await rename(api, first, "renamed");
  expect(await writeAllPages(api)).toEqual({ found: 1, done: 1, complete: true });
  for (const uuid of [first, second]) await api.request("DELETE", `/resource_providers/${uuid}`);
  expect(await writeAllPages(api)).toEqual({ found: count, done: count, complete: true });
  expect(await profilePages(api)).toEqual([]);
  await api.close();
});

test("a run of few pages ends early, and runs together reach all of them", async () => {
  const random = chance("pages in parts");
  const api = await startApi({ random: { fraction: random.fraction, uuid: random.uuid } });
  await seedProviders(api, drawnHosts(200, random));
  let runs = 0;
  for (let complete = false; !complete; runs += 1) {
    const report = (await run(api, { batch_size: 5 })) as { found: number; complete: boolean };
    expect(report.found).toBeLessThanOrEqual(5);
    ({ complete } = report);
  }
  expect(runs).toBeGreaterThanOrEqual(SHARDS / 5);
  expect((await copies(api)).size).toBe(200);
  await exactColdView(api);
  await api.close();
});

test("two runs at once leave whole pages", async () => {
  const random = chance("two runs at once");
  const api = await startApi();
  await seedProviders(api, drawnHosts(300, random));
  for (let round = 0; round < 3; round += 1) {
    const uuid = await makeProvider(api);
    await Promise.all([run(api, {}), rename(api, uuid, `renamed ${round}`), run(api, {})]);
    await sameColdViews(api);
  }
  await writeAllPages(api);
  expect((await copies(api)).size).toBe(303);
  await exactColdView(api);
  await api.close();
});

const LARGE = 52;

/** A root whose tree moves below another one, in one large change. */
async function makeTrees(api: Api) {
  const root = await makeProvider(api);
  const moved = [root];
  while (moved.length < LARGE) moved.push(await makeProvider(api, {}, { parent: root }));
  return { root, moved, target: await makeProvider(api) };
}

test.each<[string, Death["when"]]>([
  ["undecided: none of its profiles is put on a page", "before"],
  ["committed and not carried out: its profiles are put there as it leaves them", "after"],
])("a large change that is %s", async (_, when) => {
  const mortality = new Mortality();
  const mortal = await startApi({ connection: mortality.over });
  const api = await startApi({ tableName: mortal.tableName });
  const late = await startApi({
    tableName: mortal.tableName,
    clock: fastClock(Date.now() + 3_600_000),
  });
  const { root, moved, target } = await makeTrees(api);
  const body = { name: "moved", parent_provider_uuid: target };
  const end = await mortality.during({ at: isCommit, when }, () =>
    mortal.request("PUT", `/resource_providers/${root}`, { body }),
  );
  expect(end).toBe("died");
  await writeAllPages(api);
  const found = await copies(api);
  expect(found.has(target)).toBe(true);
  expect(moved.filter((uuid) => found.has(uuid))).toEqual(when === "before" ? [] : moved);
  await sameColdViews(api);
  while (
    ((await taskLambda(finishChanges, async () => late.runtime)({})) as { found: number }).found > 0
  );
  await exactColdView(api);
  await writeAllPages(api);
  expect((await copies(api)).size).toBe(LARGE + 1);
  const { view, counts } = await exactColdView(api);
  const rootOf = new Map(view.providers().map(({ profile }) => [profile.uuid, profile.root]));
  for (const uuid of moved) expect(rootOf.get(uuid)).toBe(when === "before" ? root : target);
  // The shards that have providers have pages.
  const empty = SHARDS - new Set((await profilePages(api)).map(shardOfPage)).size;
  expect(counts["Query"]).toBe(SHARDS + empty);
  for (const each of [late, api, mortal]) await each.close();
});
