/** Measures the providers that a function has in memory, for the requests that use them. */
import type { Meter } from "../table/meter.ts";
import type { View } from "./snapshot/view.ts";

export class SnapshotGauge {
  #cold = true;

  /** @param now milliseconds since 1970 */
  read(view: View, meter: Meter, now: number): void {
    if (this.#cold) meter.coldReads += 1;
    this.#cold = false;
    let oldest = now;
    let providers = 0;
    for (const shard of view.shards) {
      if (shard === undefined) continue;
      oldest = Math.min(oldest, shard.fullAt);
      providers += shard.providers.size;
    }
    meter.snapshot = { age: Math.round(now - oldest), providers };
  }
}
