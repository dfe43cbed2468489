/** What a request costs, counted at its calls of DynamoDB. */
import { setImmediate } from "node:timers/promises";
import type { Through, WireAnswer } from "../support/engine-proxy.ts";

export interface Cost {
  /** The longest chain of calls of which each began after the one before it had ended. */
  readonly roundTrips: number;
  /** Calls of DynamoDB. */
  readonly calls: number;
  readonly readUnits: number;
  readonly writeUnits: number;
  /** Bytes of the bodies of calls. */
  readonly sentBytes: number;
  /** Bytes of the bodies of DynamoDB's answers. */
  readonly receivedBytes: number;
}

export interface Counter {
  readonly through: Through;
  /** What `act` costs. */
  during(act: () => Promise<void>): Promise<Cost>;
}

const NOTHING: Cost = {
  roundTrips: 0,
  calls: 0,
  readUnits: 0,
  writeUnits: 0,
  sentBytes: 0,
  receivedBytes: 0,
};

const READS = ["GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems"];

/**
 * Turns of the event loop without a new call, after which no further call is expected before
 * an answer. Client and proxy share the process, so that a call that was sent arrives within
 * a few turns.
 */
const QUIET_TURNS = 60;

export function counter(): Counter {
  let cost: Cost | undefined;
  let arrived = 0;
  let running = 0;
  let held: (() => void)[] = [];

  /** Lets all answers go at once, when every call that does not depend on them has been made. */
  const release = async () => {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet += 1) {
      const before = arrived;
      await setImmediate();
      if (arrived !== before) quiet = 0;
      // The last of the calls that run releases.
      if (running > 0) return;
    }
    const waiting = held;
    held = [];
    if (waiting.length > 0) add({ roundTrips: 1 });
    for (const go of waiting) go();
  };
  const add = (more: Partial<Cost>) => {
    cost &&= sum(cost, more);
  };

  return {
    through: async ({ action, body }, forward) => {
      if (cost === undefined) return forward(body);
      arrived += 1;
      running += 1;
      const given = { ...JSON.parse(body), ReturnConsumedCapacity: "TOTAL" };
      const answer = await forward(JSON.stringify(given));
      const { units, bare } = withoutUnits(answer);
      const kind = READS.includes(action) ? "readUnits" : "writeUnits";
      const bytes = { sentBytes: Buffer.byteLength(body), receivedBytes: bare.body.length };
      add({ calls: 1, [kind]: units, ...bytes });
      const released = new Promise<void>((resolve) => held.push(resolve));
      running -= 1;
      if (running === 0) void release();
      await released;
      return bare;
    },
    during: async (act) => {
      cost = NOTHING;
      try {
        await act();
        return cost;
      } finally {
        cost = undefined;
      }
    },
  };
}

function sum(cost: Cost, more: Partial<Cost>): Cost {
  const names = Object.keys(cost) as (keyof Cost)[];
  const added = names.map((name) => [name, cost[name] + (more[name] ?? 0)]);
  return Object.fromEntries(added) as unknown as Cost;
}

interface Consumed {
  readonly CapacityUnits: number;
}

/** The units of an answer, and the answer as it is when nobody asks for them. */
function withoutUnits({ status, body }: WireAnswer) {
  const { ConsumedCapacity = [], ...bare } = JSON.parse(body) as {
    readonly ConsumedCapacity?: Consumed | readonly Consumed[];
  };
  const units = [ConsumedCapacity].flat().reduce((all, each) => all + each.CapacityUnits, 0);
  return { units, bare: { status, body: JSON.stringify(bare) } };
}
