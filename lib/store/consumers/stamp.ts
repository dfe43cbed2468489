/** What a request writes into every consumer that it changes. */
import type { Stamp } from "../../model/claim.ts";
import type { Store } from "../store.ts";

export function stampOf(store: Store): Stamp {
  return { writeId: store.random.uuid(), now: store.clock.now() };
}
