/** Counts the calls of a connection, and the units of capacity that they consume. */
import type { Call, Interposer } from "./interpose.ts";

export interface Reads {
  readonly calls: readonly Call[];
  /** How often each command was sent. */
  readonly counts: Readonly<Record<string, number>>;
  readonly units: number;
}

export interface ReadCounter {
  /** @param then what is done with the call; default: it is sent */
  watched(call: Call, then?: Interposer): Promise<unknown>;
  /** What was read since the last look. */
  reads(): Reads;
}

export function countReads(): ReadCounter {
  let calls: Call[] = [];
  let units = 0;
  return {
    watched: (call, then = ({ send }) => send()) => {
      calls.push(call);
      (call.input as { ReturnConsumedCapacity?: string }).ReturnConsumedCapacity = "TOTAL";
      const send = async () => {
        const answer = await call.send();
        units += unitsOf(answer);
        return answer;
      };
      return then({ ...call, send });
    },
    reads: () => {
      const counts: Record<string, number> = {};
      for (const { command } of calls) counts[command] = (counts[command] ?? 0) + 1;
      const reads = { calls, counts, units };
      calls = [];
      units = 0;
      return reads;
    },
  };
}

interface Consumed {
  readonly CapacityUnits?: number;
}

function unitsOf(answer: unknown): number {
  const { ConsumedCapacity: consumed } = answer as { ConsumedCapacity?: Consumed | Consumed[] };
  const all = Array.isArray(consumed) ? consumed : [consumed];
  return all.reduce((sum, each) => sum + (each?.CapacityUnits ?? 0), 0);
}
