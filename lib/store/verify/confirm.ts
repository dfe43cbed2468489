/** Looks at items: at many at once for suspicion, and at each suspicious one until it is certain. */
import { type Item, type Key, keyText } from "../item.ts";
import { backOff } from "../retry.ts";
import type { Store } from "../store.ts";
import { checkItem } from "./check-item.ts";
import { changesIn, collect, nearIn, type Reading, sameReading } from "./collect.ts";
import type { Finding } from "./finding.ts";
import { brokenMarks } from "./marks.ts";

/** How often a suspicious item is read again that is being written meanwhile. */
const MAX_READINGS = 10;

/** What is looked for: what large changes left behind, or everything else too. */
export type Scope = "marks" | "all";

/** Which of `items` may be broken. */
export async function suspicious(
  store: Store,
  items: readonly Item[],
  scope: Scope,
): Promise<Key[]> {
  const keys = items.map(({ pk, sk }) => ({ pk, sk }));
  const reading = await collect(store, keys);
  const look = looker(reading, store.clock.now(), scope);
  return keys.filter((key) => look(key).length > 0);
}

/** What is certainly broken about one item; undefined if it never stood still. */
export async function confirm(
  store: Store,
  key: Key,
  scope: Scope,
): Promise<readonly Finding[] | undefined> {
  let before = await collect(store, [key]);
  for (let attempt = 1; attempt <= MAX_READINGS; attempt += 1) {
    const now = await collect(store, [key]);
    const findings = looker(now, store.clock.now(), scope)(key);
    if (findings.length === 0) return [];
    if (sameReading(before, now)) return findings;
    before = now;
    if (!(await backOff(store, attempt))) break;
  }
  return undefined;
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
