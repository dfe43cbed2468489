/** A bus of EventBridge: puts events on it, in parts that it takes, and again what it did not take. */
import type { Clock, Random } from "../../model/clock.ts";
import type { SignedAccess } from "../table/wire/access.ts";
import { parseBody } from "../table/wire/errors.ts";
import { RequestSigner } from "../table/wire/signing.ts";
import { type Carrier, Transport } from "../table/wire/transport.ts";
import { type BusEvent, type Entry, entryOf, partsOf } from "./entries.ts";

export interface EventBus {
  /**
   * Puts all of them on the bus, in any order; some perhaps twice.
   * @param deadline milliseconds since 1970
   * @throws EventsNotTaken if the bus did not take some of them, however often
   */
  put(events: readonly BusEvent[], deadline: number): Promise<void>;
}

export class EventsNotTaken extends Error {
  constructor(count: number, reason: string) {
    super(`the bus did not take ${count} events: ${reason}`);
    this.name = "EventsNotTaken";
  }
}

export interface BusParts {
  /** The name of the bus, or its ARN. */
  readonly name: string;
  readonly access: () => SignedAccess;
  readonly clock: Clock;
  readonly random: Random;
  /** Opens what carries the requests. */
  readonly carry?: (endpoint: URL) => Carrier;
}

const PROTOCOL = {
  service: "events",
  target: "AWSEvents",
  contentType: "application/x-amz-json-1.1",
} as const;

/** How often an event is put on the bus that does not take it. */
const MAX_TRIES = 5;
/** Milliseconds before the second try at most; they double. */
const FIRST_PAUSE = 100;
/** Milliseconds of one request. */
const CALL_LIMIT = 5_000;

interface Refused {
  readonly entries: readonly Entry[];
  readonly reason: string;
}

export function eventBus({ name, access, clock, random, carry }: BusParts): EventBus {
  let opened: { readonly signer: RequestSigner; readonly carrier: Carrier } | undefined;
  const open = () => {
    const given = access();
    const endpoint = new URL(given.endpoint);
    const carrier = (carry ?? ((url) => new Transport(url)))(endpoint);
    opened ??= { signer: new RequestSigner(endpoint, given, clock, PROTOCOL), carrier };
    return opened;
  };

  const post = async (entries: readonly Entry[]): Promise<Refused> => {
    const { signer, carrier } = opened ?? open();
    const body = JSON.stringify({ Entries: entries });
    try {
      const { headers } = await signer.sign("PutEvents", body);
      const answer = await carrier.post(headers, body, AbortSignal.timeout(CALL_LIMIT));
      if (answer.status !== 200) return { entries, reason: `${answer.status}` };
      return refusedIn(parseBody(answer), entries);
    } catch (error) {
      return { entries, reason: error instanceof Error ? error.message : String(error) };
    }
  };

  return {
    async put(events, deadline) {
      let left: readonly Entry[] = events.map((event) => entryOf(event, name));
      let reason = "";
      for (let tries = 1; left.length > 0; tries += 1) {
        const refused: Refused[] = [];
        for (const part of partsOf(left)) refused.push(await post(part));
        left = refused.flatMap(({ entries }) => entries);
        reason = refused.find(({ entries }) => entries.length > 0)?.reason ?? reason;
        if (left.length === 0) return;
        const pause = random.fraction() * FIRST_PAUSE * 2 ** tries;
        if (tries >= MAX_TRIES || clock.now() + pause >= deadline) {
          throw new EventsNotTaken(left.length, reason);
        }
        await clock.sleep(pause);
      }
    },
  };
}

/** An answer has a result for each entry, in their order; one that was not taken has a code. */
function refusedIn(body: unknown, entries: readonly Entry[]): Refused {
  const { Entries: results = [] } = body as {
    readonly Entries?: readonly { readonly ErrorCode?: string }[];
  };
  const refused = entries.filter((_, index) => {
    return results[index] === undefined || results[index].ErrorCode !== undefined;
  });
  const code = results.find((each) => each.ErrorCode !== undefined)?.ErrorCode;
  return { entries: refused, reason: code ?? "no result" };
}
