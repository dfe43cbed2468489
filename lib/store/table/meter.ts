/** What a request costs DynamoDB, measured call by call. */
import type { CallOptions } from "./call.ts";
import { type Calls, type Client, type Operation, WRITE_OPERATIONS } from "./connection.ts";
import { faultOf } from "./faults.ts";
import type { Counts } from "./retry.ts";

/** What the providers in a function's memory were like when a request used them. */
export interface SnapshotSeen {
  /** Milliseconds since the part was read in full that was so read the longest time ago. */
  readonly age: number;
  readonly providers: number;
}

export interface Meter extends Counts {
  /** Calls that were refused since another transaction held an item. */
  conflicts: number;
  /** Calls that were refused for lack of capacity. */
  throttles: number;
  /** Capacity units; of a call that failed DynamoDB tells none. */
  readUnits: number;
  writeUnits: number;
  /** Reads of all providers, by a function that had none in memory. */
  coldReads: number;
  /** Undefined: the request did not need all providers. */
  snapshot: SnapshotSeen | undefined;
}

export function newMeter(): Meter {
  return {
    retries: 0,
    conflicts: 0,
    throttles: 0,
    readUnits: 0,
    writeUnits: 0,
    coldReads: 0,
    snapshot: undefined,
  };
}

/** DynamoDB API reference, `ConsumedCapacity`. Transactions tell reads and writes apart. */
interface Consumed {
  readonly CapacityUnits?: number;
  readonly ReadCapacityUnits?: number;
  readonly WriteCapacityUnits?: number;
}

/** `client`, which adds what each call costs to `meter`. */
export function metered(client: Client, meter: Meter): Client {
  const send = async <O extends Operation>(
    operation: O,
    input: Calls[O]["input"],
    options?: CallOptions,
  ): Promise<Calls[O]["answer"]> => {
    try {
      const asked = { ...input, ReturnConsumedCapacity: "TOTAL" as const };
      const answer = await client.send(operation, asked, options);
      for (const consumed of consumedIn(answer)) add(meter, operation, consumed);
      return answer;
    } catch (error) {
      const { kind } = faultOf(error);
      if (kind === "conflict") meter.conflicts += 1;
      if (kind === "throttled") meter.throttles += 1;
      throw error;
    }
  };
  return { send, destroy: () => client.destroy() };
}

function consumedIn(answer: object): Consumed[] {
  if (!("ConsumedCapacity" in answer)) return [];
  const told: unknown = answer.ConsumedCapacity;
  return [told].flat().filter((each): each is Consumed => typeof each === "object" && !!each);
}

function add(meter: Meter, operation: Operation, consumed: Consumed): void {
  const { CapacityUnits: all = 0, ReadCapacityUnits: read, WriteCapacityUnits: write } = consumed;
  if (read !== undefined || write !== undefined) {
    meter.readUnits += read ?? 0;
    meter.writeUnits += write ?? 0;
  } else if (WRITE_OPERATIONS.has(operation)) meter.writeUnits += all;
  else meter.readUnits += all;
}
