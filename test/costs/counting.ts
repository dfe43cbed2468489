/** What a request costs, counted at the requests to DynamoDB as they are on the wire. */
import { setImmediate } from "node:timers/promises";
import type { Carrier, RawAnswer } from "../../lib/store/table/wire/transport.ts";

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
 * Turns of the event loop after the last answer. Calls that do not wait for an answer have
 * begun by then, since they wait for nothing but the processor.
 */
const QUIET_TURNS = 20;

/**
 * While it counts, it holds answers back until all calls that have begun are answered, and
 * lets them go together: so the number of round trips does not depend on how long each takes.
 */
export class CountingCarrier implements Carrier {
  readonly #below: Carrier;
  #cost: Cost | undefined;
  #begun = 0;
  #running = 0;
  #held: (() => void)[] = [];

  constructor(below: Carrier) {
    this.#below = below;
  }

  /** What `act` costs. */
  async during(act: () => Promise<void>): Promise<Cost> {
    this.#cost = NOTHING;
    try {
      await act();
      return this.#cost;
    } finally {
      this.#cost = undefined;
    }
  }

  async post(...[headers, body, signal]: Parameters<Carrier["post"]>): Promise<RawAnswer> {
    if (this.#cost === undefined) return this.#below.post(headers, body, signal);
    this.#begun += 1;
    this.#running += 1;
    const given = JSON.stringify({ ...JSON.parse(body), ReturnConsumedCapacity: "TOTAL" });
    // The engine checks no signature.
    const length = String(Buffer.byteLength(given));
    const answer = await this.#below.post({ ...headers, "content-length": length }, given, signal);
    const { units, bare } = withoutUnits(answer);
    const action = (headers["x-amz-target"] ?? "").replace(/^.*\./, "");
    this.#add({
      calls: 1,
      [READS.includes(action) ? "readUnits" : "writeUnits"]: units,
      sentBytes: Buffer.byteLength(body),
      receivedBytes: Buffer.byteLength(bare.body),
    });
    const released = new Promise<void>((resolve) => this.#held.push(resolve));
    this.#running -= 1;
    if (this.#running === 0) void this.#release();
    await released;
    return bare;
  }

  destroy(): void {
    this.#below.destroy();
  }

  async #release(): Promise<void> {
    const begun = this.#begun;
    for (let turn = 0; turn < QUIET_TURNS; turn += 1) {
      await setImmediate();
      // The last of the calls that have begun meanwhile releases.
      if (this.#begun !== begun) return;
    }
    this.#add({ roundTrips: 1 });
    for (const go of this.#held.splice(0)) go();
  }

  #add(more: Partial<Cost>): void {
    if (this.#cost === undefined) return;
    const names = Object.keys(NOTHING) as (keyof Cost)[];
    const sums = names.map((name) => [name, (this.#cost?.[name] ?? 0) + (more[name] ?? 0)]);
    this.#cost = { ...NOTHING, ...Object.fromEntries(sums) };
  }
}

interface Consumed {
  readonly CapacityUnits: number;
}

/** The units of an answer, and the answer as it is when nobody asks for them. */
function withoutUnits({ status, header, body }: RawAnswer) {
  const { ConsumedCapacity = [], ...bare } = JSON.parse(body) as {
    readonly ConsumedCapacity?: Consumed | readonly Consumed[];
  };
  const units = [ConsumedCapacity].flat().reduce((all, each) => all + each.CapacityUnits, 0);
  return { units, bare: { status, header, body: JSON.stringify(bare) } };
}
