/** Requests with their time, and with what they consume of DynamoDB. */
import type { Connection } from "../../../../lib/store/table/connection.ts";
import { interpose } from "../../../support/interpose.ts";
import { countReads } from "../../../support/reads.ts";
import { median } from "../measure.ts";
import type { Load, Message } from "../peer/load.ts";

export interface Metered {
  readonly connection: Connection;
  /** Medians of `runs` requests, one after the other; the units are of one of them. */
  ask(load: Load, runs: number, message: () => Message): Promise<Cost>;
  /** One request, sent again while the answer is 503; undefined: it was never another. */
  insist(load: Load, message: Message): Promise<Insisted | undefined>;
}

/** Time and units of all tries. */
export interface Insisted extends Cost {
  readonly tries: number;
}

const MAX_TRIES = 3;

export interface Cost {
  readonly milliseconds: number;
  readonly units: number;
  readonly calls: number;
}

export function metered(connection: Connection): Metered {
  const counter = countReads();
  return {
    connection: interpose(connection, (call) => counter.watched(call)),
    ask: async (load, runs, message) => {
      const costs: Cost[] = [];
      for (let run = 0; run < runs; run += 1) {
        counter.reads();
        const start = performance.now();
        await load.expect(message());
        const milliseconds = performance.now() - start;
        const { calls, units } = counter.reads();
        costs.push({ milliseconds, units, calls: calls.length });
      }
      const of = (name: keyof Cost) => median(costs.map((cost) => cost[name]));
      return { milliseconds: of("milliseconds"), units: of("units"), calls: of("calls") };
    },
    insist: async (load, message) => {
      counter.reads();
      const start = performance.now();
      for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
        const { status } = await load.send(message);
        if (status === 503) continue;
        const milliseconds = performance.now() - start;
        const { calls, units } = counter.reads();
        return { milliseconds, units, calls: calls.length, tries };
      }
      return undefined;
    },
  };
}
