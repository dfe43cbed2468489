/**
 * Rebuilds what a partial restore left behind. The table is walked three times:
 * consumers and what is held on providers, then where consumers are looked up,
 * then the use of providers. The place stands in the table, so that one
 * invocation goes on where the last one ended.
 */

import { guard, replan } from "../changes/guarded-write.ts";
import { kindOf } from "../items/kinds.ts";
import { providerOf } from "../items/shard.ts";
import { namesIn, type OnChanged } from "../items/subjects.ts";
import {
  REBUILD_POSITION,
  rebuildPositionItem,
  rebuildPositionOf,
} from "../items/walk-position.ts";
import type { Store } from "../store.ts";
import type { Item, Key } from "../table/item.ts";
import { repairAllocation, repairConsumer } from "./rebuild-consumers.ts";
import { repairIdle, repairProject } from "./rebuild-lookups.ts";
import { repairUse } from "./rebuild-use.ts";

/** What became of one item. */
export type Repair = "sound" | "repaired" | "left";

export interface Incomplete {
  readonly project: string;
  readonly user: string;
}

export interface RebuildReport {
  /** Broken records that were met. */
  readonly found: number;
  /** Of these, how many were repaired. */
  readonly done: number;
  /** Whether the table's end was reached; if not, invoke it again. */
  readonly complete: boolean;
}

const PHASES = ["consumers", "lookups", "use"] as const;
type Phase = (typeof PHASES)[number];

const PAGE = 100;
const MAX_PAGES = 10_000;
/** Milliseconds left for the last page and for keeping the place. */
const RESERVE = 10_000;

export interface RebuildOptions {
  /** Ends after the page with so many broken records. */
  readonly batchSize: number;
  readonly incomplete: Incomplete;
  readonly changed: OnChanged;
}

export async function rebuild(
  store: Store,
  { batchSize, incomplete, changed }: RebuildOptions,
): Promise<RebuildReport> {
  let { phase, after } = placeOf(await store.get(REBUILD_POSITION));
  let found = 0;
  let done = 0;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { items, next } = await store.scan(after, PAGE);
    for (const item of items) {
      const repair = await repairItem(store, phase, item, incomplete);
      if (repair !== "sound") found += 1;
      if (repair !== "repaired") continue;
      done += 1;
      changed(...namesIn(item));
    }
    const following = next === undefined ? PHASES[PHASES.indexOf(phase) + 1] : phase;
    if (following === undefined) {
      await keepPlace(store, PHASES[0], undefined);
      return { found, done, complete: true };
    }
    [phase, after] = [following, next];
    if (found >= batchSize || store.clock.now() > store.deadline - RESERVE) break;
  }
  await keepPlace(store, phase, after);
  return { found, done, complete: false };
}

async function repairItem(
  store: Store,
  phase: Phase,
  item: Item,
  incomplete: Incomplete,
): Promise<Repair> {
  switch (`${phase} ${kindOf(item)}`) {
    case "consumers consumer":
      return repairConsumer(store, item);
    case "consumers holder":
      return repairAllocation(store, item, incomplete);
    case "lookups project-consumer":
      return repairProject(store, item, incomplete);
    case "lookups idle-consumer":
      return repairIdle(store, item);
    case "use hot":
      return repairUse(store, providerOf(item));
    default:
      return "sound";
  }
}

function placeOf(item: Item | undefined): { phase: Phase; after: Key | undefined } {
  const kept = rebuildPositionOf(item);
  const phase = PHASES.find((name) => name === kept?.phase) ?? PHASES[0];
  return { phase, after: kept?.after };
}

async function keepPlace(store: Store, phase: Phase, after: Key | undefined): Promise<void> {
  const item = rebuildPositionItem({ phase, after });
  await store.change(async () => ({
    writes: [guard({ kind: "put", item, when: [] }, () => replan)],
    result: undefined,
  }));
}
