/** Looks at items: at many at once for suspicion, and at each suspicious one until it is certain. */
import { isDeepStrictEqual } from "node:util";
import type { MaintenanceStore } from "../../../maintenance-store.ts";
import { type Item, type Key, keyText } from "../../../table/item.ts";
import { backOff } from "../../../table/retry.ts";
import { checkItem } from "../check-item.ts";
import type { Finding } from "../finding.ts";
import { brokenMarks, isPassing } from "../write-intents.ts";
import { changesIn, collect, nearIn, type Reading } from "./collect.ts";

/** How often a suspicious item is read again that is being written meanwhile. */
const MAX_READINGS = 10;

/** Items that are read in one transaction. */
const MAX_ACCUSED = 100;

/** What is looked for: what large changes left behind, or everything else too. */
export type Scope = "marks" | "all";

/** Which of `items` may be broken. */
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
 * What is certainly broken about one item; undefined if it never stood still.
 *
 * Reads are no snapshot, and DynamoDB makes the items of a transaction visible
 * one after the other. So the items that contradict each other are read in a
 * transaction before and after everything that the rule needs is read: if they
 * are equal, no transaction on them was under way in between, and what each of
 * them had done before was all to be seen.
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

/** A finding beyond these is of the same item, and is judged by what they show of it. */
function accusedBy(key: Key, findings: readonly Finding[]): Key[] {
  const keys = new Map([[keyText(key), key]]);
  for (const { items } of findings) for (const each of items) keys.set(keyText(each), each);
  return [...keys.values()].slice(0, MAX_ACCUSED);
}

function looker(reading: Reading, now: number, scope: Scope): (key: Key) => Finding[] {
  const near = nearIn(reading);
  const changes = changesIn(reading);
  return (key) => {
    const raw = reading.items.get(keyText(key));
    if (raw === undefined) return [];
    const marks = brokenMarks(raw, changes, now);
    const image = near.get(key);
    return scope === "marks" || image === undefined ? marks : [...marks, ...checkItem(image, near)];
  };
}
