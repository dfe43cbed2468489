/**
 * The network between the functions' client and the engine. It is below the parsing of answers,
 * so that lost, truncated and forged answers have the effect they have in production. The
 * scheduler runs one call at a time.
 */
import {
  type Carrier,
  type RawAnswer,
  Transport,
} from "../../../lib/store/table/wire/transport.ts";

/** What happens to a call: whether it is executed, and separately what is answered. */
export interface Fate {
  readonly carriedOut: boolean;
  /** Undefined: the engine's own. */
  readonly answer?: Answer;
}

export type Answer =
  /** An error of DynamoDB's, or of something in front of it. */
  | { readonly kind: "reply"; readonly status: number; readonly body: string }
  /** The engine's answer, cut off at this share of its length. */
  | { readonly kind: "cut"; readonly share: number }
  /** No answer at all. */
  | { readonly kind: "broken"; readonly error: () => Error };

type Post = Carrier["post"];

export class Wire implements Carrier {
  /** Whether the engine has carried out the last call, with success. */
  succeeded = false;
  /** Of the next call. */
  fate: Fate = { carriedOut: true };
  readonly #below: Carrier;

  constructor(endpoint: URL) {
    this.#below = new Transport(endpoint);
  }

  async post(...given: Parameters<Post>): Promise<RawAnswer> {
    const { carriedOut, answer } = this.fate;
    this.succeeded = false;
    const real = carriedOut ? await this.#below.post(...given) : undefined;
    this.succeeded = real !== undefined && real.status < 300;
    if (answer === undefined && real !== undefined) return real;
    if (answer === undefined) throw new Error("a call that is not carried out needs an answer");
    switch (answer.kind) {
      case "broken":
        throw answer.error();
      case "reply":
        return replyOf(answer.status, answer.body);
      case "cut": {
        const whole = real?.body ?? "";
        const length = Math.max(1, Math.floor(whole.length * answer.share));
        return replyOf(real?.status ?? 200, whole.slice(0, length));
      }
    }
  }

  destroy(): void {
    this.#below.destroy();
  }
}

function replyOf(status: number, body: string): RawAnswer {
  return { status, body, header: () => undefined };
}
