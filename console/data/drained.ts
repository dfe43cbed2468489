/** What was reserved before a drain: kept by the browser, so that it can be undone days later. */
import type { Reserved } from "../model/drain.ts";

const KEY = "placement.drained";

type Remembered = Readonly<Record<string, Reserved>>;

export interface Drained {
  all(): Remembered;
  remember(reserved: Remembered): void;
  forget(uuids: readonly string[]): void;
}

/** @param api whose providers they are */
export function drainedIn(storage: Storage, api: string): Drained {
  const key = `${KEY} ${api}`;
  const all = (): Remembered => {
    try {
      return JSON.parse(storage.getItem(key) ?? "{}");
    } catch {
      return {};
    }
  };
  const keep = (remembered: Remembered) => storage.setItem(key, JSON.stringify(remembered));
  return {
    all,
    // What is remembered already is from the first of several drains, and stays.
    remember: (reserved) => keep({ ...reserved, ...all() }),
    forget: (uuids) => {
      keep(Object.fromEntries(Object.entries(all()).filter(([uuid]) => !uuids.includes(uuid))));
    },
  };
}
