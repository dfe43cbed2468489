/** The verifier finds every contradiction, tells the items, and repairs what has a rule. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type VerifyAnswer, verifyRecords } from "../../functions/maintenance/verify-table.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { VERIFIED } from "../../lib/store/items/verified.ts";
import { verifyItems } from "../../lib/store/maintenance/verify/verify-items.ts";
import { type Api, startApi } from "../support/api.ts";
import { DAMAGES, type Hands, handsOf, makeWorld } from "./damage.ts";

const MAX_INVOCATIONS = 200;
let api: Api;
let hands: Hands;

beforeEach(async () => {
  api = await startApi();
  hands = handsOf(api, await makeWorld(api));
});
afterEach(() => api.close());

const invoke = (event: unknown): Promise<VerifyAnswer> =>
  taskLambda(verifyRecords, async () => api.runtime)(event) as Promise<VerifyAnswer>;

/** Invocations until the end of the table; all that they found. */
async function verifyAll(input: object) {
  const findings: VerifyAnswer["findings"][number][] = [];
  let after: string | undefined;
  for (let count = 1; count <= MAX_INVOCATIONS; count += 1) {
    const answer = await invoke({ ...input, ...(after === undefined ? {} : { after }) });
    findings.push(...answer.findings);
    expect(answer.unsettled).toEqual([]);
    expect(answer.complete).toBe(answer.next === null);
    if (answer.next === null) return { findings, invocations: count };
    after = answer.next;
  }
  throw new Error("the verification never ends");
}

const rulesOf = (findings: readonly { readonly rule: string }[]) =>
  [...new Set(findings.map(({ rule }) => rule))].sort();

/** The order of a map's entries is nobody's promise. */
const sentences = (findings: readonly { readonly what: string }[]) =>
  findings.map(({ what }) => what).sort();

/** All but the note of what the last whole walk has found. */
const records = async () => (await api.items()).filter(({ pk }) => pk !== VERIFIED.pk);

test("a sound table has no findings, and is left as it is", async () => {
  const before = await records();
  const answer = await invoke({});
  expect(answer).toMatchObject({ found: 0, done: 0, findings: [], unsettled: [], next: null });
  expect(answer.checked).toBeGreaterThanOrEqual(before.length);
  expect(await invoke({ repair: true })).toMatchObject({ found: 0, findings: [] });
  expect(await records()).toEqual(before);
});

describe.each(DAMAGES)("$what", ({ do: damage, rules, left = [] }) => {
  test("is found without a change, then repaired, or left where no rule says what is right", async () => {
    await damage(hands);
    const before = await records();
    const { findings } = await verifyAll({});
    expect(rulesOf(findings)).toEqual([...rules].sort());
    expect(rulesOf(verifyItems(before, Date.now()))).toEqual([...rules].sort());
    for (const { outcome, items } of findings) {
      expect(outcome).toBe("reported");
      expect(items.length).toBeGreaterThan(0);
    }
    const bySmallSteps = await verifyAll({ batch_size: 1 });
    expect(sentences(bySmallSteps.findings)).toEqual(sentences(findings));
    expect(await records()).toEqual(before);
    // What a repair brings to light is repaired by the next one.
    const repaired = await verifyAll({ repair: true });
    expect(repaired.findings.length).toBeGreaterThan(0);
    await verifyAll({ repair: true });
    const { findings: rest } = await verifyAll({ repair: true });
    expect(rulesOf(rest)).toEqual([...left].sort());
    for (const { outcome } of rest) expect(outcome).toBe("left");
    expect(rulesOf(verifyItems(await api.items(), Date.now()))).toEqual([...left].sort());
  });
});

test("a schedule goes on where it ended, and keeps nothing but its place", async () => {
  for (const { do: damage, what } of DAMAGES) if (what.includes("free")) await damage(hands);
  const before = await records();
  const first = await invoke({ resume: true, batch_size: 1 });
  expect(first).toMatchObject({ found: 1, complete: false });
  const kept = await records();
  expect(kept.filter(({ pk }) => pk !== "META#VERIFY")).toEqual(before);
  expect(kept).toHaveLength(before.length + 1);
  const second = await invoke({ resume: true, batch_size: 1 });
  expect(second).toMatchObject({ found: 0, complete: true });
  expect(await records()).toEqual(before);
});

test("a place that is none is refused", async () => {
  await expect(invoke({ after: "nowhere" })).rejects.toThrow("'after' is not the 'next'");
});
