/** Functions that start on a table, and the task that writes the pages from which they read. */
import { expect } from "vitest";
import { writePages } from "../../functions/maintenance/write-profile-pages.ts";
import { taskLambda } from "../../lib/api/task.ts";
import type { View } from "../../lib/store/cache/snapshot/view.ts";
import { kindOf } from "../../lib/store/items/kinds.ts";
import type { PagesReport } from "../../lib/store/maintenance/profile-pages.ts";
import { storeOpener } from "../../lib/store/open-store.ts";
import { viewOf } from "../../lib/store/providers/view.ts";
import type { Api, Item } from "./api.ts";
import { type Call, type Interposer, interpose } from "./interpose.ts";
import { countReads, type Reads } from "./reads.ts";
import { byUuid, storedProviders } from "./warm.ts";

const READING = ["GetItem", "BatchGetItem", "Query"] as const;
const DEADLINE = 60_000;

export interface Cold extends Reads {
  readonly view: View;
}

/** The first reading of a function that has read nothing yet. */
export async function coldView(
  { connection, runtime }: Api,
  interposer?: Interposer,
): Promise<Cold> {
  const counter = countReads();
  const { clock, random, log } = runtime;
  const open = storeOpener({
    connection: interpose(connection, (call) => counter.watched(call, interposer)),
    clock,
    random,
    log,
    maxChangeItems: 6_000,
    historyDays: 30,
    snapshotMaxAge: 60_000,
  });
  const view = await viewOf(open({ access: READING, deadline: clock.now() + DEADLINE }));
  return { view, ...counter.reads() };
}

/** The same, which has to show the table as it is. */
export async function exactColdView(api: Api, interposer?: Interposer): Promise<Cold> {
  const cold = await coldView(api, interposer);
  expect(byUuid(cold.view.providers())).toEqual(byUuid(await storedProviders(api)));
  return cold;
}

/** Runs the task to its end. */
export async function writeAllPages(api: Api): Promise<PagesReport> {
  const task = taskLambda(writePages, async () => api.runtime);
  const report = (await task({ batch_size: 1_000 })) as PagesReport;
  expect(report).toMatchObject({ complete: true });
  return report;
}

export async function profilePages(api: Api): Promise<Item[]> {
  return (await api.items()).filter((item) => kindOf(item) === "profile-page");
}

const isOfPages = ({ keys }: Call) => keys.some((key) => kindOf(key) === "profile-page");

/** For a function that finds no page. */
export const withoutPages: Interposer = async (call) =>
  isOfPages(call) ? { Responses: {} } : call.send();

/** What functions that start now see with the pages, which is what they see without them. */
export async function sameColdViews(api: Api): Promise<Cold> {
  const bare = await coldView(api, withoutPages);
  const cold = await coldView(api);
  expect(byUuid(cold.view.providers())).toEqual(byUuid(bare.view.providers()));
  return cold;
}
