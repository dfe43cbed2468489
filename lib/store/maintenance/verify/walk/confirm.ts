/**
 * Checks many items at once for suspicion, and then each suspicious item until the finding is
 * certain.
 */
import { isDeepStrictEqual } from "node:util";
import type { MaintenanceStore } from "../../../maintenance-store.ts";
import { type Item, type Key, keyText } from "../../../table/item.ts";
import { backOff } from "../../../table/retry.ts";
import { checkItem } from "../check-item.ts";
import type { Finding } from "../finding.ts";
import { brokenIntents, isPassing } from "../write-intents.ts";
import { changesIn, collect, nearIn, type Reading } from "./collect.ts";

/** How often a suspicious item is read again that is written meanwhile. */
const MAX_READINGS = 10;

/** Items that are read in one transaction. */
const MAX_ACCUSED = 100;

/** What is checked: only what large changes left behind, or everything. */
export type Scope = "intents" | "all";

/** Keys of the items that may be broken. */
export async function suspicious(
  store: MaintenanceStore,
  items: readonly Item[],
  scope: Scope,
): Promise<Key[]> {
  const keys = items.map(({ pk, sk }) => ({ pk, sk }));
  const reading = await collect(store, keys);
  const look = looker(reading, store.clock.now(), scope);
  return keys.filter((key) => look(key).length > 0);
}

/**
 * The certain findings about one item; undefined if it was written during every attempt.
 *
 * Reads are no snapshot, and DynamoDB makes the items of a transaction visible one after the
 * other. So the items that contradict each other are read in a transaction before and after
 * all items that the rule needs: if they are equal, no transaction on them was under way in
 * between, and all effects of earlier transactions were visible.
 */
export async function confirm(
  store: MaintenanceStore,
  key: Key,
  scope: Scope,
): Promise<readonly Finding[] | undefined> {
  let accused: readonly Key[] = [key];
  for (let attempt = 1; attempt <= MAX_READINGS; attempt += 1) {
    const before = await store.stored.quiescent(accused);
    const reading = await collect(store, [key]);
    const findings = looker(reading, store.clock.now(), scope)(key);
    if (findings.length === 0) return [];
    const named = accusedBy(key, findings);
    const known = new Set(accused.map(keyText));
    const all = named.every((each) => known.has(keyText(each)));
    if (all && isDeepStrictEqual(before, await store.stored.quiescent(accused))) {
      if (!isPassing(changesIn(reading))) return findings;
    }
    accused = named;
    if (all && !(await backOff(store, attempt))) break;
  }
  return undefined;
}

/** Findings beyond these items are about the same item, and these decide them too. */
function accusedBy(key: Key, findings: readonly Finding[]): Key[] {
  const keys = new Map([[keyText(key), key]]);
  for (const { items } of findings) for (const each of items) keys.set(keyText(each), each);
  return [...keys.values()].slice(0, MAX_ACCUSED);
}

function looker(reading: Reading, now: number, scope: Scope): (key: Key) => Finding[] {
  const near = nearIn(reading, now);
  const changes = changesIn(reading);
  return (key) => {
    const raw = reading.items.get(keyText(key));
    if (raw === undefined) return [];
    const left = brokenIntents(raw, changes, now);
    const image = near.get(key);
    return scope === "intents" || image === undefined ? left : [...left, ...checkItem(image, near)];
  };
}
