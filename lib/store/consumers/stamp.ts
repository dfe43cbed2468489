/** The write stamp of a request, for every consumer that it changes. */
import type { WriteStamp } from "../../model/claim.ts";
import type { Store } from "../store.ts";

export function stampOf(store: Store): WriteStamp {
  return { writeId: store.random.uuid(), now: store.clock.now() };
}
