/** The simulation is reproducible from its seed, and detects errors. */
import { expect, inject, test } from "vitest";
import { testEndpoint } from "../../support/engine.ts";
import { checkAnswer } from "./check-answers.ts";
import { type Attempt, History } from "./history.ts";
import type { Answer, Operation, WriteOperation } from "./operation.ts";
import { applyClaims, type Claim } from "./operations/claims.ts";
import { applyReplace } from "./operations/inventories.ts";
import { applyBirth } from "./operations/providers.ts";
import { listProviderAllocations } from "./operations/reads.ts";
import { runRound } from "./round.ts";

/** With tokens, and with attempts. */
const SEEDS = [4, 3];
const PROVIDER = "11111111-1111-4111-8111-111111111111";

test.runIf(inject("engine") === "dynoxide").each(SEEDS)(
  "one seed makes one history, to the last byte: %i",
  async (seed) => {
    const first = await runRound(testEndpoint(), seed);
    const second = await runRound(testEndpoint(), seed);
    expect(first.violations).toEqual([]);
    expect(second.log).toEqual(first.log);
    expect(second.fingerprint).toBe(first.fingerprint);
  },
  240_000,
);

const request = { method: "PUT", path: "/somewhere" } as const;
const write = (apply: WriteOperation["apply"]): WriteOperation => ({
  kind: "write",
  name: "a write",
  request,
  apply,
});

const claim = (consumer: string, amount: number, generation: number | null = null): Claim => ({
  consumer,
  generation,
  project: "red",
  user: "ann",
  type: "INSTANCE",
  allocations: { [PROVIDER]: { VCPU: amount } },
});

const claims = (...given: readonly Claim[]) => write((world) => applyClaims(world, given));

/** A history in which a provider of ten VCPU was made. */
class Told {
  readonly history = new History();

  constructor() {
    const birth = { uuid: PROVIDER, name: "one", parent: undefined };
    const ten = {
      total: 10,
      reserved: 0,
      min_unit: 1,
      max_unit: 10,
      step_size: 1,
      allocation_ratio: 1,
    };
    this.commit(this.ask(write((world) => applyBirth(world, birth))));
    this.commit(this.ask(write((world) => applyReplace(world, PROVIDER, 0, { VCPU: ten }))));
  }

  ask(operation: Operation): Attempt {
    return this.history.begin("client", operation, this.history.worlds.length - 1);
  }

  commit(cause: Attempt, large = false): void {
    this.history.commit({ index: this.history.worlds.length, cause, keys: [], large });
  }

  /** Errors that are found after the answer. */
  answer(attempt: Attempt, status: number, body: unknown = undefined): readonly string[] {
    this.history.end(attempt, { status, body } as Answer);
    checkAnswer(this.history, attempt);
    return this.history.violations;
  }
}

const refusal = (detail: string) => ({ errors: [{ detail }] });
const CAPACITY = refusal("The requested amount would exceed the capacity.");
const CONFLICT = refusal("consumer generation conflict - expected null but got 1");
const BUSY = refusal("The table is busy; nothing was written.");

test("what is done and acknowledged is right", () => {
  const told = new Told();
  const attempt = told.ask(claims(claim("a", 4)));
  told.commit(attempt);
  expect(told.answer(attempt, 204)).toEqual([]);
});

test.each<[string, (told: Told) => readonly string[], RegExp]>([
  [
    "an acknowledged write that was never made",
    (told) => told.answer(told.ask(claims(claim("a", 4))), 204),
    /acknowledged, and never done/,
  ],
  [
    "a refused write that was made",
    (told) => {
      const attempt = told.ask(claims(claim("a", 4)));
      told.commit(attempt);
      return told.answer(attempt, 409, CAPACITY);
    },
    /refused, and done/,
  ],
  [
    "a write that was made although nothing was, it says",
    (told) => {
      const attempt = told.ask(claims(claim("a", 4)));
      told.commit(attempt);
      return told.answer(attempt, 503, BUSY);
    },
    /nothing was written, it says/,
  ],
  [
    "a write that was made twice",
    (told) => {
      const attempt = told.ask(claims({ ...claim("a", 4), generation: undefined }));
      told.commit(attempt);
      told.commit(attempt);
      return told.answer(attempt, 204);
    },
    /done twice/,
  ],
  [
    "a write over capacity",
    (told) => {
      const attempt = told.ask(claims(claim("a", 11)));
      told.commit(attempt);
      return told.answer(attempt, 204);
    },
    /had to be refused: 409 units, 409 capacity/,
  ],
  [
    "a write at a stale generation",
    (told) => {
      const attempt = told.ask(claims(claim("a", 1, 7)));
      told.commit(attempt);
      return told.answer(attempt, 204);
    },
    /had to be refused: 409 consumer generation/,
  ],
  [
    "a conflict that there was not",
    (told) => told.answer(told.ask(claims(claim("a", 4))), 409, CONFLICT),
    /refused for no reason/,
  ],
  [
    "a write that is acknowledged before it is made",
    (told) => {
      const attempt = told.ask(claims(claim("a", 4)));
      told.history.end(attempt, { status: 204, body: undefined });
      told.commit(attempt);
      checkAnswer(told.history, attempt);
      return told.history.violations;
    },
    /done after it was acknowledged/,
  ],
  [
    "an answer that no client may be given",
    (told) => told.answer(told.ask(claims(claim("a", 4))), 500, refusal("oops")),
    /no client may be told that/,
  ],
  [
    "a change that nobody asked for",
    (told) => {
      told.history.commit({ index: 3, cause: undefined, keys: [], large: false });
      return told.history.violations;
    },
    /nobody asked/,
  ],
])("%s is seen", (_, tell, words) => {
  const violations = tell(new Told());
  expect(violations.join("\n")).toMatch(words);
});

const held = (...consumers: readonly string[]) => ({
  resource_provider_generation: 1,
  allocations: Object.fromEntries(
    consumers.map((uuid) => [uuid, { consumer_generation: 1, resources: { VCPU: 1 } }]),
  ),
});

test.each<[string, readonly string[], RegExp | undefined]>([
  ["none of a large change that was committed meanwhile", [], undefined],
  ["all of it", ["a", "b"], undefined],
  ["half of it", ["a"], /half of the large change/],
  ["what never was", ["a", "b", "c"], /c was never/],
])("a list that shows %s is judged", (_, shown, words) => {
  const told = new Told();
  const read = told.ask(listProviderAllocations(PROVIDER));
  told.commit(told.ask(claims(claim("a", 1), claim("b", 1))), true);
  const violations = told.answer(read, 200, held(...shown)).join("\n");
  if (words === undefined) expect(violations).toBe("");
  else expect(violations).toMatch(words);
});
