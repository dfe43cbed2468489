/** The client: typed calls of the API's operations over any transport. */
import { AnswerLost, UnexpectedAnswer } from "./errors.ts";
import { EventFeed, type EventParameters, type EventsOptions } from "./events.ts";
import type { QueryValue, Version } from "./generated/operations.ts";
import { ROUTES } from "./generated/routes.ts";
import { type Clock, platformClock, platformRandom, type Random } from "./platform.ts";
import { type Failure, failureOf, mayRetry, type Pacing, pause } from "./retry.ts";
import type { Incoming, Outgoing, Transport } from "./transport.ts";
import type { AnswerOf, CallOf, CallOptions, OperationId } from "./types.ts";

export interface ClientOptions<V extends Version> {
  readonly transport: Transport;
  /** The microversion of calls that name none. */
  readonly version: V;
  /** How often one call is sent at most. Default: 4. */
  readonly maxTries?: number;
  readonly clock?: Clock;
  readonly random?: Random;
}

const DEFAULT_TRIES = 4;

/** A call as it is at run time, whatever its operation. */
interface AnyCall extends CallOptions {
  readonly parameters?: Readonly<Record<string, QueryValue | undefined>>;
  readonly body?: unknown;
}

export class PlacementClient<Default extends Version = Version> {
  readonly version: Default;
  readonly pacing: Pacing;
  readonly #transport: Transport;
  readonly #maxTries: number;
  #newest: PlacementClient<"1.39"> | undefined;

  constructor(options: ClientOptions<Default>) {
    const { clock = platformClock, random = platformRandom } = options;
    this.version = options.version;
    this.pacing = { clock, random };
    this.#transport = options.transport;
    this.#maxTries = options.maxTries ?? DEFAULT_TRIES;
  }

  /** The same at the newest microversion, which the helpers around claims use. */
  get newest(): PlacementClient<"1.39"> {
    this.#newest ??= new PlacementClient<"1.39">({
      transport: this.#transport,
      version: "1.39",
      maxTries: this.#maxTries,
      ...this.pacing,
    });
    return this.#newest;
  }

  /**
   * Calls the operation `id`. It is sent again after 429 and 503 with `Retry-After`; after a
   * lost answer if it is a read or has an `idempotencyKey`.
   *
   * @throws PlacementRefusal if the service refuses it, AnswerLost if its outcome is unknown,
   *   UnexpectedAnswer
   */
  async call<Id extends OperationId, V extends Version = Default>(
    id: Id,
    call: CallOf<Id, V> & { readonly version?: V },
  ): Promise<AnswerOf<Id, V>> {
    const request = outgoing(id, call.version ?? this.version, call);
    const repeatable = isRead(id) || request.idempotencyKey !== undefined;
    for (let tries = 1; ; tries += 1) {
      const outcome = await this.#send(request);
      if ("status" in outcome) return answerFrom<Id, V>(outcome);
      if (tries >= this.#maxTries || !mayRetry(outcome, repeatable)) throw outcome.error;
      await pause(this.pacing, tries, outcome.retryAfter);
    }
  }

  /** What changes, as it changes: a lasting iteration over all events from a cursor on. */
  events(options: EventsOptions = {}): EventFeed {
    const { newest } = this;
    const ask = async (parameters: EventParameters) =>
      (await newest.call("events/follow", { parameters })).body;
    return new EventFeed(ask, options);
  }

  async #send(request: Outgoing): Promise<Incoming | Failure> {
    const { idempotencyKey } = request;
    const keyed = (error: AnswerLost) =>
      new AnswerLost(error.message, { idempotencyKey, cause: error.cause });
    try {
      const incoming = await this.#transport(request);
      const failure = failureOf(incoming);
      if (failure === undefined) return incoming;
      const { error } = failure;
      return error instanceof AnswerLost ? { ...failure, error: keyed(error) } : failure;
    } catch (error) {
      if (!(error instanceof AnswerLost)) throw error;
      return { error: keyed(error), lost: true, retryAfter: undefined };
    }
  }
}

/** Whether it changes nothing; some questions are too long for a GET. */
function isRead(id: OperationId): boolean {
  const route = ROUTES[id];
  return route.method === "GET" || "reads" in route;
}

function outgoing(id: OperationId, version: Version, call: AnyCall): Outgoing {
  const { parameters = {}, body, idempotencyKey, lease, life, requestId } = call;
  const given = Object.entries(parameters).filter(
    (entry): entry is [string, QueryValue] => entry[1] !== undefined,
  );
  const { method, path } = ROUTES[id];
  return {
    id,
    method,
    path,
    version,
    parameters: Object.fromEntries(given),
    body,
    ...(isRead(id)
      ? { idempotencyKey: undefined, lease: undefined, life: undefined }
      : { idempotencyKey, lease, life }),
    requestId,
  };
}

/**
 * The answer with the type of its operation: the service answers by its own schemas, and the
 * client does not check them again.
 * @throws UnexpectedAnswer if the service never gives that status
 */
function answerFrom<Id extends OperationId, V extends Version>(
  incoming: Incoming,
): AnswerOf<Id, V> {
  if (!isAnswer<Id, V>(incoming)) {
    throw new UnexpectedAnswer(`the answer has the status ${incoming.status}`);
  }
  return incoming;
}

function isAnswer<Id extends OperationId, V extends Version>(
  incoming: Incoming,
): incoming is Incoming & AnswerOf<Id, V> {
  return [200, 201, 204, 304].includes(incoming.status);
}
