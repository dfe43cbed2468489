/**
 * The connection of functions and of the local server: each item is encoded and decoded once,
 * and a call goes over a connection that is kept open. It costs a fraction of the SDK's processor
 * time and of its code (docs/performance.md, "CPU of a call"); `sdk-client.ts` is the reference.
 */
import type { Clock } from "../../../model/clock.ts";
import { CALL_LIMIT, type CallOptions } from "../call.ts";
import type { Calls, Client, Connection, Operation } from "../connection.ts";
import { UnreadableAnswer } from "../faults.ts";
import type { Access } from "./access.ts";
import { decodeAnswer, encodeInput } from "./bodies.ts";
import { errorOf, parseBody } from "./errors.ts";
import { RequestSigner, type Signer } from "./signing.ts";
import { type Carrier, type RawAnswer, Transport } from "./transport.ts";
import { UnsignedRequests } from "./unsigned.ts";

/** A function is called by the first call, since a function's environment may lack what it reads. */
export type AccessSource = Access | (() => Access);

/** @param carry opens what carries the requests; tests lose and forge answers in it */
export function connect(
  tableName: string,
  access: AccessSource,
  clock: Pick<Clock, "now">,
  carry: (endpoint: URL) => Carrier = (endpoint) => new Transport(endpoint),
): Connection {
  return { tableName, client: new WireClient(access, clock, carry) };
}

class WireClient implements Client {
  readonly #access: AccessSource;
  readonly #clock: Pick<Clock, "now">;
  readonly #carry: (endpoint: URL) => Carrier;
  #opened: { readonly signer: Signer; readonly carrier: Carrier } | undefined;

  constructor(access: AccessSource, clock: Pick<Clock, "now">, carry: (endpoint: URL) => Carrier) {
    this.#access = access;
    this.#clock = clock;
    this.#carry = carry;
  }

  async send<O extends Operation>(
    operation: O,
    input: Calls[O]["input"],
    options?: CallOptions,
  ): Promise<Calls[O]["answer"]> {
    const signal = options?.abortSignal ?? AbortSignal.timeout(CALL_LIMIT);
    const answer = await this.#post(operation, encodeInput(input), signal);
    const fields = parseBody(answer);
    try {
      return decodeAnswer(fields) as Calls[O]["answer"];
    } catch (cause) {
      throw new UnreadableAnswer(answer.status, { cause });
    }
  }

  destroy(): void {
    this.#opened?.carrier.destroy();
  }

  /** A request that was refused for its time is signed once more by DynamoDB's clock. */
  async #post(operation: Operation, body: string, signal: AbortSignal): Promise<RawAnswer> {
    const { signer, carrier } = this.#open();
    for (let attempt = 1; ; attempt += 1) {
      const { headers, at } = await signer.sign(operation, body);
      const answer = await carrier.post(headers, body, signal);
      if (answer.status >= 200 && answer.status < 300) return answer;
      const error = errorOf(answer);
      if (!signer.corrects(error, answer, at) || attempt === 2) throw error;
    }
  }

  #open() {
    if (this.#opened === undefined) {
      const access = typeof this.#access === "function" ? this.#access() : this.#access;
      const endpoint = new URL(access.endpoint);
      const signer = signerOf(endpoint, access, this.#clock);
      this.#opened = { signer, carrier: this.#carry(endpoint) };
    }
    return this.#opened;
  }
}

function signerOf(endpoint: URL, access: Access, clock: Pick<Clock, "now">): Signer {
  const { credentials } = access;
  return credentials === undefined
    ? new UnsignedRequests(endpoint, clock)
    : new RequestSigner(endpoint, { ...access, credentials }, clock);
}
