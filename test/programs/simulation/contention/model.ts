/**
 * Writers that claim from one provider on DynamoDB, in simulated time. A transaction holds the
 * provider's item for a drawn time; others that arrive meanwhile are refused and come again when
 * their policy says so. The one that is under way is not disturbed.
 *
 * Source: Amazon DynamoDB Developer Guide, "Amazon DynamoDB Transactions: How it works",
 * section "Transaction conflict handling in DynamoDB",
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
 */

import type { Policy } from "../../../../lib/store/table/retry.ts";

export interface Load {
  readonly writers: number;
  /** How many claims are made in all. */
  readonly claims: number;
  readonly times: Times;
  readonly policy: Policy;
  /** From 0 to 1. */
  readonly fraction: () => number;
  /** Milliseconds after which a claim is given up. */
  readonly deadline: number;
}

export interface Outcome {
  /** Claims a second. */
  readonly rate: number;
  /** Milliseconds of a claim. */
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
  /** Transactions sent for each claim. */
  readonly tries: number;
  /** Claims that were given up. */
  readonly busy: number;
}

/** The shortest and the longest transaction, in milliseconds; between them all are equally frequent. */
export type Times = readonly [shortest: number, longest: number];
/** From a function to DynamoDB, and back; and a refusal's time there. */
const [WAY, REFUSAL] = [1, 3];
/** What a function does between two claims: its answer, the append to the shard log, the next request. */
const BETWEEN = 10;

interface Try {
  readonly at: number;
  readonly began: number;
  readonly attempt: number;
}

export function play({ writers, claims, times, policy, fraction, deadline }: Load): Outcome {
  const [shortest, longest] = times;
  const arrivals: Try[] = [];
  for (let writer = 0; writer < writers; writer += 1) {
    const began = fraction() * BETWEEN;
    insert(arrivals, { at: began + WAY, began, attempt: 1 });
  }
  const took: number[] = [];
  let [free, sent, busy, now] = [0, 0, 0, 0];
  while (took.length + busy < claims) {
    const next = arrivals.shift();
    if (next === undefined) throw new Error("nothing is left to happen");
    now = next.at;
    sent += 1;
    if (now < free) {
      const answered = now + REFUSAL + WAY;
      const delay = policy(next.attempt, fraction());
      const at = answered + (delay ?? 0) + WAY;
      if (delay !== undefined && at < next.began + deadline) {
        insert(arrivals, { at, began: next.began, attempt: next.attempt + 1 });
        continue;
      }
      busy += 1;
      insert(arrivals, begin(answered, fraction));
      continue;
    }
    free = now + shortest + fraction() * (longest - shortest);
    took.push(free + WAY - next.began);
    insert(arrivals, begin(free + WAY, fraction));
  }
  took.sort((a, b) => a - b);
  const share = (part: number) => took[Math.floor(part * (took.length - 1))] ?? Number.NaN;
  return {
    rate: (1_000 * took.length) / now,
    p50: share(0.5),
    p99: share(0.99),
    longest: share(1),
    tries: sent / (took.length + busy),
    busy,
  };
}

function begin(after: number, fraction: () => number): Try {
  const began = after + BETWEEN * (0.5 + fraction());
  return { at: began + WAY, began, attempt: 1 };
}

/** Keeps the earliest first. */
function insert(tries: Try[], given: Try): void {
  let place = tries.length;
  while (place > 0 && (tries[place - 1]?.at ?? 0) > given.at) place -= 1;
  tries.splice(place, 0, given);
}
