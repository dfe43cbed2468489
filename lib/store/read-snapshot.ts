/** The snapshot that a request for candidates is answered from. */
import type { Snapshot } from "../model/snapshot/snapshot.ts";
import type { Store } from "./store.ts";

/**
 * All providers as they are now, from what this function knows already and what
 * has changed since.
 * @throws Busy
 */
export async function readSnapshot(store: Store): Promise<Snapshot> {
  return (await store.snapshots.read(store)).snapshot();
}
