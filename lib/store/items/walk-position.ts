/** Where the next invocation of a walk over the whole table continues: one item for each walk. */
import type { Item, Key } from "../table/item.ts";
import { attribute, read, stored } from "./attributes.ts";
import { joined } from "./keys.ts";
import { META } from "./table-format.ts";
import type { VerifyTally } from "./verified.ts";

export const REBUILD_POSITION: Key = { pk: joined(META, "REBUILD"), sk: META };
export const VERIFY_POSITION: Key = { pk: joined(META, "VERIFY"), sk: META };

const rebuild = {
  phase: attribute<string>("phase"),
  /** The last key that was processed; absent at the start of a phase. */
  after: attribute<Key | undefined>("after"),
} as const;

export interface RebuildPosition {
  readonly phase: string;
  readonly after: Key | undefined;
}

export function rebuildPositionItem(position: RebuildPosition): Item {
  return { ...REBUILD_POSITION, ...stored(rebuild, position) };
}

export function rebuildPositionOf(item: Item | undefined): RebuildPosition | undefined {
  return item && { phase: read(item, rebuild.phase), after: read(item, rebuild.after) };
}

const verify = {
  /** Whether the walk repairs: walks with and without repairs differ. */
  repair: attribute<boolean>("repair"),
  /** As the task returns it to callers. */
  place: attribute<string>("place"),
  /** What the walk has counted so far; undefined: a release began it that did not count. */
  tally: attribute<VerifyTally | undefined>("tally"),
} as const;

export interface VerifyPosition {
  readonly repair: boolean;
  readonly place: string;
  readonly tally: VerifyTally | undefined;
}

export function verifyPositionItem(position: VerifyPosition): Item {
  return { ...VERIFY_POSITION, ...stored(verify, position) };
}

export function verifyPositionOf(item: Item): VerifyPosition {
  return {
    repair: read(item, verify.repair),
    place: String(read(item, verify.place)),
    tally: read(item, verify.tally),
  };
}
