/**
 * Repairs consumers, look-up items and use after a partial restore, with the repairs of the
 * verifier but without its rules: each repair compares the item with the items that belong to
 * it. The table is walked three times: consumers and their allocations under providers, then
 * look-up items under projects and among the idle, then the use of providers. The walk's
 * position is stored in the table, so that one invocation continues where the last one ended.
 */

import { guard, replan } from "../changes/guarded-write.ts";
import { type Kind, kindOf } from "../items/kinds.ts";
import { namesIn, type OnChanged } from "../items/subjects.ts";
import {
  REBUILD_POSITION,
  rebuildPositionItem,
  rebuildPositionOf,
} from "../items/walk-position.ts";
import type { MaintenanceStore } from "../maintenance-store.ts";
import type { Item, Key } from "../table/item.ts";
import type { Incomplete } from "./repairs/outcome.ts";
import { repairRecord } from "./repairs/records.ts";

export interface RebuildReport {
  /** Broken records that were found. */
  readonly found: number;
  /** Of these, how many were repaired. */
  readonly done: number;
  /** Whether the end of the table was reached; if not, invoke it again. */
  readonly complete: boolean;
}

const PHASES = ["consumers", "lookups", "use"] as const;
type Phase = (typeof PHASES)[number];

/** The phase in which each kind of item is repaired. Repairs depend on those of earlier phases. */
const PHASE_OF: Readonly<Partial<Record<Kind, Phase>>> = {
  consumer: "consumers",
  holder: "consumers",
  "project-consumer": "lookups",
  "idle-consumer": "lookups",
  "leased-consumer": "lookups",
  hot: "use",
};

interface RebuildPosition {
  readonly phase: Phase;
  /** The last key that was processed. */
  readonly after: Key | undefined;
}

const PAGE = 100;
const MAX_PAGES = 10_000;
/** Milliseconds reserved for the last page and for storing the position. */
const RESERVE = 10_000;

export interface RebuildOptions {
  /** Ends after the page on which this many broken records were found. */
  readonly batchSize: number;
  readonly incomplete: Incomplete;
  readonly changed: OnChanged;
}

export async function rebuild(
  store: MaintenanceStore,
  { batchSize, incomplete, changed }: RebuildOptions,
): Promise<RebuildReport> {
  let { phase, after } = positionOf(await store.get(REBUILD_POSITION));
  let found = 0;
  let done = 0;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { items, next } = await store.scan(after, PAGE);
    for (const item of items) {
      const kind = kindOf(item);
      if (kind === undefined || PHASE_OF[kind] !== phase) continue;
      const repair = await repairRecord(store, item, incomplete);
      if (repair !== "sound") found += 1;
      if (repair !== "repaired") continue;
      done += 1;
      changed(...namesIn(item));
    }
    const following = next === undefined ? PHASES[PHASES.indexOf(phase) + 1] : phase;
    if (following === undefined) {
      await keepPosition(store, { phase: PHASES[0], after: undefined });
      return { found, done, complete: true };
    }
    [phase, after] = [following, next];
    if (found >= batchSize || store.clock.now() > store.deadline - RESERVE) break;
  }
  await keepPosition(store, { phase, after });
  return { found, done, complete: false };
}

function positionOf(item: Item | undefined): RebuildPosition {
  const kept = rebuildPositionOf(item);
  const phase = PHASES.find((name) => name === kept?.phase) ?? PHASES[0];
  return { phase, after: kept?.after };
}

async function keepPosition(
  store: MaintenanceStore,
  { phase, after }: RebuildPosition,
): Promise<void> {
  const item = rebuildPositionItem({ phase, after });
  await store.change(async () => ({
    writes: [guard({ kind: "put", item, when: [] }, () => replan)],
    result: undefined,
  }));
}
