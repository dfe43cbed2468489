/** The immutable snapshot of all providers that candidates are searched in. */
import type { Provider } from "../provider.ts";
import type { Uuid } from "../uuid.ts";

export interface Snapshot {
  /** Providers. */
  readonly size: number;
  has(provider: Uuid): boolean;
}

export function buildSnapshot(_providers: Iterable<Provider>): Snapshot {
  throw new Error("written with the next commit");
}

/** `changed` are added or replace what was known of them; `snapshot` stays as it is. */
export function updateSnapshot(
  _snapshot: Snapshot,
  _changed: Iterable<Provider>,
  _removed: Iterable<Uuid>,
): Snapshot {
  throw new Error("written with the next commit");
}
