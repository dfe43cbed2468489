/** The faults of one round and their frequency, drawn from the seed. */
import type { Chance } from "../../support/chance.ts";
import type { Answer, Fate } from "./wire.ts";

/** Shares of all calls, from 0 to 1. */
export interface Weather {
  readonly name: string;
  readonly throttled: number;
  readonly conflicting: number;
  /** Of calls that are lost on the way there or on the way back. */
  readonly lost: number;
  /** Of calls that take seconds. */
  readonly slow: number;
  /** Of reads of many items that others' writes come between. */
  readonly torn: number;
  /** Of servers that die, and that pause, for each call. */
  readonly dying: number;
  readonly pausing: number;
  /** Milliseconds between outages; 0: there are none. */
  readonly outageEvery: number;
}

const CALM: Weather = {
  name: "calm",
  throttled: 0,
  conflicting: 0,
  lost: 0,
  slow: 0,
  torn: 0.5,
  dying: 0,
  pausing: 0,
  outageEvery: 0,
};

const WEATHERS: readonly Weather[] = [
  CALM,
  { ...CALM, name: "conflicts", conflicting: 0.15, throttled: 0.05 },
  { ...CALM, name: "losses", lost: 0.1, slow: 0.02 },
  { ...CALM, name: "deaths", dying: 0.004, pausing: 0.002, lost: 0.01 },
  { ...CALM, name: "outages", outageEvery: 20_000, throttled: 0.05 },
  {
    name: "everything",
    throttled: 0.05,
    conflicting: 0.05,
    lost: 0.05,
    slow: 0.02,
    torn: 0.7,
    dying: 0.002,
    pausing: 0.001,
    outageEvery: 60_000,
  },
];

export function weatherOf(random: Chance): Weather {
  return random.pick(WEATHERS);
}

export const FAIR: Fate = { carriedOut: true };

export interface CallKind {
  /** The name of the command, without `Command`. */
  readonly command: string;
  /** Actions of a transaction. */
  readonly actions: number;
}

const TYPE = "com.amazonaws.dynamodb.v20120810#";

function failure(type: string, more: object = {}): Answer {
  const body = JSON.stringify({ __type: `${TYPE}${type}`, message: "injected", ...more });
  return { kind: "reply", status: 400, body };
}

function cancelled(random: Chance, actions: number, code: string): Answer {
  const reasons = Array.from({ length: actions }, () => ({ Code: "None" }));
  const reason = { Code: code, Message: "injected" };
  reasons[random.below(actions)] = reason;
  return failure("TransactionCanceledException", { CancellationReasons: reasons });
}

function throttle(random: Chance, { command, actions }: CallKind): Answer {
  const plain = [
    failure("ProvisionedThroughputExceededException"),
    failure("ThrottlingException"),
    failure("RequestLimitExceeded"),
    { kind: "reply", status: 429, body: "" } as const,
  ];
  if (!command.startsWith("Transact") || random.below(2) === 0) return random.pick(plain);
  return cancelled(
    random,
    actions,
    random.pick(["ThrottlingError", "ProvisionedThroughputExceeded"]),
  );
}

function conflict(random: Chance, { command, actions }: CallKind): Answer {
  if (!command.startsWith("Transact")) return failure("TransactionConflictException");
  return cancelled(random, actions, "TransactionConflict");
}

const network = (code: string) => () => Object.assign(new Error("injected"), { code });
const timeout = () => Object.assign(new Error("injected"), { name: "TimeoutError" });

function loss(random: Chance, { command }: CallKind, carriedOut: boolean): Answer {
  const answers: Answer[] = [
    { kind: "broken", error: network("ECONNRESET") },
    { kind: "broken", error: network("EPIPE") },
    { kind: "broken", error: timeout },
    { kind: "reply", status: 500, body: JSON.stringify({ __type: `${TYPE}InternalServerError` }) },
    { kind: "reply", status: 503, body: "" },
    { kind: "reply", status: 502, body: "<html>Bad Gateway</html>" },
    { kind: "reply", status: 200, body: "<html>It works!</html>" },
  ];
  if (carriedOut) answers.push({ kind: "cut", share: random.fraction() * 0.9 });
  if (command === "TransactWrite") answers.push(failure("TransactionInProgressException"));
  return random.pick(answers);
}

const READS = ["Get", "BatchGet", "Query", "Scan"];

/** What happens to one call, outside of outages. */
export function fateOf(random: Chance, weather: Weather, call: CallKind): Fate {
  const writes = !READS.includes(call.command);
  let draw = random.fraction();
  const happens = (share: number) => {
    draw -= share;
    return draw < 0;
  };
  if (happens(weather.throttled)) return { carriedOut: false, answer: throttle(random, call) };
  if (writes && happens(weather.conflicting)) {
    return { carriedOut: false, answer: conflict(random, call) };
  }
  if (happens(weather.lost)) {
    const carriedOut = random.below(2) === 0;
    return { carriedOut, answer: loss(random, call, carriedOut) };
  }
  return FAIR;
}

/**
 * What a write is answered that overlaps with a transaction on some of its items.
 * @param busy the places of these items among its actions
 */
export function refusedByAnother({ command, actions }: CallKind, busy: readonly number[]): Fate {
  if (!command.startsWith("Transact")) {
    return { carriedOut: false, answer: failure("TransactionConflictException") };
  }
  const reasons = Array.from({ length: actions }, (_, place) => ({
    Code: busy.includes(place) ? "TransactionConflict" : "None",
  }));
  const answer = failure("TransactionCanceledException", { CancellationReasons: reasons });
  return { carriedOut: false, answer };
}

/** What a transaction is answered whose first attempt is under way. */
export const STILL_UNDERWAY: Fate = {
  carriedOut: false,
  answer: failure("TransactionInProgressException"),
};

export function outageFate(random: Chance): Fate {
  const errors = [network("ECONNREFUSED"), network("ENOTFOUND"), timeout];
  const answers: Answer[] = [
    ...errors.map((error) => ({ kind: "broken", error }) as const),
    { kind: "reply", status: 503, body: "" },
  ];
  return { carriedOut: false, answer: random.pick(answers) };
}
