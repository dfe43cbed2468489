/** The bound of one request. */
import type { GuardedWrite } from "../changes/guarded-write.ts";
import { ChangeTooLarge } from "../table/refusals.ts";

/**
 * Events do not count: whether a change is accepted does not depend on the history.
 * @throws ChangeTooLarge
 */
export function requireRoom(writes: readonly GuardedWrite[], limit: number): void {
  if (writes.length > limit) throw new ChangeTooLarge(writes.length, limit);
}
