/** The snapshot that a request for candidates is answered from. */
import { buildSnapshot } from "../model/snapshot/build.ts";
import type { Snapshot } from "../model/snapshot/snapshot.ts";
import { readAllProviders } from "./providers.ts";
import type { Store } from "./store.ts";

/** All providers as they are now. */
export async function readSnapshot(store: Store): Promise<Snapshot> {
  return buildSnapshot(await store.consistently(() => readAllProviders(store)));
}
