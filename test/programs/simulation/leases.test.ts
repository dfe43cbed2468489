/** The simulation's times of leases: what comes too early and too late is seen, and nothing else. */
import { expect, test } from "vitest";
import { checkAnswer } from "./check-answers.ts";
import { History } from "./history.ts";
import { kept } from "./leases.ts";
import type { Operation } from "./operation.ts";
import { applyChange, applyCreate } from "./operations/records.ts";
import { releaseLeases } from "./operations/tasks.ts";
import { withLease } from "./world.ts";

const SECOND = 1_000;
const UUID = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa";
const owner = { project: "red", user: "ann", type: undefined };
const request = { method: "POST", path: "/consumers" } as const;
const RELEASED = [
  { pk: `CONSUMER#${UUID}`, sk: "CONSUMER" },
  { pk: "PROJECT#red", sk: "user#consumer" },
];
const EXPIRED = `There was a conflict when trying to complete your request.\n\n The lease of consumer ${UUID} has expired: the consumer is being released.  `;

const leased: Operation = {
  kind: "write",
  name: "a consumer with a lease of a minute",
  request,
  apply: (world) => {
    const verdict = applyCreate(world, UUID, owner);
    return "world" in verdict ? { ...verdict, world: withLease(verdict.world, UUID, 60) } : verdict;
  },
};
const raised: Operation = {
  kind: "write",
  name: "a raised generation",
  request,
  apply: (world) => applyChange(world, UUID, 0),
};

/** A history in which the lease began between its first and its third second. */
class Told {
  now = SECOND;
  readonly history = new History(() => this.now);

  constructor() {
    const attempt = this.ask(leased);
    this.now = 3 * SECOND;
    this.commit(attempt);
  }

  ask(operation: Operation, skew = 0) {
    const attempt = this.history.begin("client", operation, this.history.worlds.length - 1);
    attempt.skew = skew;
    return attempt;
  }

  commit(cause: unknown, keys = RELEASED): void {
    this.history.commit({ index: this.history.worlds.length, cause, keys, large: false });
  }

  refuse(seconds: number, skew: number): void {
    this.now = seconds * SECOND;
    const attempt = this.ask(raised, skew);
    this.history.end(attempt, { status: 409, body: { errors: [{ detail: EXPIRED }] } });
    checkAnswer(this.history, attempt);
  }

  do(operation: Operation, seconds: number, skew: number): void {
    this.now = seconds * SECOND;
    this.commit(this.ask(operation, skew));
  }
}

const FINE = /^$/;
const EARLY = /had not expired long enough/;
const LATE = /whose lease had expired/;
const UNFAIR = /the lease had not expired/;

test.each<[string, number, number, (told: Told, seconds: number, skew: number) => void, RegExp]>([
  ["a release", 70.9, 0, (told, ...when) => told.do(releaseLeases(), ...when), EARLY],
  ["a release", 71, 0, (told, ...when) => told.do(releaseLeases(), ...when), FINE],
  [
    "a release by a clock ahead",
    61,
    10,
    (told, ...when) => told.do(releaseLeases(), ...when),
    FINE,
  ],
  [
    "a release by a clock ahead",
    60.9,
    10,
    (told, ...when) => told.do(releaseLeases(), ...when),
    EARLY,
  ],
  ["a change", 63, 0, (told, ...when) => told.do(raised, ...when), FINE],
  ["a change", 63.1, 0, (told, ...when) => told.do(raised, ...when), LATE],
  ["a change by a clock behind", 73, -10, (told, ...when) => told.do(raised, ...when), FINE],
  ["a refusal", 61, 0, (told, ...when) => told.refuse(...when), FINE],
  ["a refusal", 60.9, 0, (told, ...when) => told.refuse(...when), UNFAIR],
  ["a refusal by a clock ahead", 51, 10, (told, ...when) => told.refuse(...when), FINE],
])("%s at second %d, skew %d", (_, seconds, skew, act, words) => {
  const told = new Told();
  act(told, seconds, skew * SECOND);
  expect(told.history.violations.join("\n")).toMatch(words);
});

test("what is kept after its end is seen", () => {
  const { history } = new Told();
  expect(kept(history.world, 63 * SECOND)).toEqual([]);
  expect(kept(history.world, 64 * SECOND)).toEqual([`${UUID} is kept after its lease`]);
});

test("a task may not release what has no lease", () => {
  const told = new Told();
  const world = { ...told.history.world, leases: new Map() };
  const commit = { index: 1, cause: undefined, keys: RELEASED, large: false };
  expect(
    releaseLeases().kind === "task" && releaseLeases().committed(world, commit),
  ).toBeUndefined();
});
