/** Which conditions a claim's write has, on each class that it names. */
import { expect, test } from "vitest";
import type { ClassClaim, ProviderChange } from "../../lib/model/claim.ts";
import { storedUuid } from "../../lib/model/uuid.ts";
import { type KnownSteps, providerWrite } from "../../lib/store/allocations/claim-writes.ts";
import { hot } from "../../lib/store/items/hot.ts";
import { type Clause, equals, exists } from "../../lib/store/table/expressions.ts";

const provider = storedUuid("00000000-0000-4000-8000-000000000001");
const VCPU = 0;

function clausesOf(difference: number, claims: readonly ClassClaim[], steps: KnownSteps) {
  const change: ProviderChange = {
    provider,
    raisesGeneration: true,
    consumers: 0,
    classes: new Map([[VCPU, { difference, claims }]]),
  };
  return providerWrite(change, { steps, nameOf: String, now: 0 }).write.when;
}

const knowing = (step: number): KnownSteps => new Map([[provider, new Map([[VCPU, step]])]]);
const claimOf = (before: number, amount: number): ClassClaim => ({ before, amount, order: 0 });
const stepClause = (step: number): Clause => equals(hot.stepSize(VCPU), step);

test.each([
  ["of 1 where none is known", 5, new Map(), 1],
  ["that is known where the amount is a multiple", 8, knowing(4), 4],
  ["of 1 where it is none, which the step size then refuses", 5, knowing(4), 1],
])("a changed amount asks for a step %s", (_, amount, steps, step) => {
  expect(clausesOf(amount - 3, [claimOf(3, amount)], steps)).toContainEqual(stepClause(step));
});

test("one amount of several that is no multiple is enough", () => {
  const claims = [claimOf(0, 8), claimOf(3, 6)];
  expect(clausesOf(11, claims, knowing(4))).toContainEqual(stepClause(1));
  // One that stays is not measured.
  expect(clausesOf(8, [claimOf(0, 8), claimOf(6, 6)], knowing(4))).toContainEqual(stepClause(4));
});

test.each([
  ["that stays", [claimOf(5, 5)]],
  ["of two that stay", [claimOf(5, 5), claimOf(2, 2)]],
])("an amount %s asks for its inventory", (_, claims) => {
  expect(clausesOf(0, claims, new Map())).toContainEqual(exists(...hot.free(VCPU)));
});

test.each([
  ["raised", 1, [claimOf(5, 6)]],
  ["lowered", -1, [claimOf(5, 4)]],
  ["released", -5, []],
  ["exchanged", 0, [claimOf(5, 4), claimOf(4, 5)]],
])("what is %s needs no clause for the inventory of its own", (_, difference, claims) => {
  const when = clausesOf(difference, claims, new Map());
  expect(when.filter(({ path }) => path.includes(String(VCPU)))).not.toEqual([]);
  expect(when).not.toContainEqual(exists(...hot.free(VCPU)));
});
