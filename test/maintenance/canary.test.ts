/** The canary: what a run does and tells, what it removes, and whom it leaves alone. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { canary } from "../../functions/maintenance/canary.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { CANARY } from "../../lib/model/canary.ts";
import { CanaryFailed, type CanaryReport } from "../../lib/store/maintenance/canary/run.ts";
import type { Api } from "../support/api.ts";
import { datapointsOf, sumOf } from "../support/emf.ts";
import { CONFLICTS, LOSSES, THROTTLES } from "../support/faults.ts";
import { failBefore, loseAnswers, type Matches } from "../support/faulty.ts";
import { useFaulty } from "../support/frame.ts";
import type { Call } from "../support/interpose.ts";
import { claim, makeProvider, release } from "../support/world.ts";

const STEPS = ["clean", "class", "create", "inventory", "claim", "read", "release", "delete"];
/** Those that write once the class is there. */
const WRITING_STEPS = ["create", "inventory", "claim", "release", "delete"];
/** Milliseconds after which what a run has left behind is removed. */
const ABANDONED = 120_000;

const faulty = useFaulty({ verified: "after-each" });

const runOn = ({ runtime }: Api) =>
  taskLambda(canary, async () => runtime)({}) as Promise<CanaryReport>;

const run = () => runOn(faulty.api);

/** The lines of a run, and its metrics. */
async function logged(work: () => Promise<unknown>) {
  const before = faulty.api.logs.length;
  await work();
  const lines = faulty.api.logs.slice(before);
  const [line = {}, ...others] = lines.filter(({ message }) => message === "task");
  expect(others).toEqual([]);
  return { line, points: datapointsOf(lines) };
}

async function failureOf(work: Promise<unknown>): Promise<CanaryFailed> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(CanaryFailed);
  return thrown as CanaryFailed;
}

const own = [CANARY.provider, CANARY.consumer, CANARY.name];
/** All items but events: what was done stays told. */
const items = async () => (await faulty.sound.items()).filter(({ pk }) => !pk.startsWith("EVENT#"));
const records = async () =>
  (await items()).filter((item) => own.some((id) => keyOf(item).includes(id)));
const keyOf = ({ pk, sk }: { readonly pk: string; readonly sk: string }) => `${pk} ${sk}`;

const isTransaction: Matches = ({ command }) => command === "TransactWrite";

/** The transaction of a step, by its number among those of a run. */
function atStep(step: string): Matches {
  const wanted = WRITING_STEPS.indexOf(step);
  const seen = new Set<unknown>();
  return (call: Call) => {
    if (!isTransaction(call)) return false;
    seen.add(call.input["ClientRequestToken"]);
    return seen.size === wanted + 1;
  };
}

const fault = (kinds: Readonly<Record<string, () => Error>>) =>
  Object.values(kinds)[0] as () => Error;

/** Lets a run end at a step without an answer, and without the write. */
async function stopAt(step: string): Promise<CanaryFailed> {
  faulty.interpose(failBefore(1_000, atStep(step), fault(LOSSES)));
  const failed = await failureOf(run());
  faulty.interpose(undefined);
  return failed;
}

beforeEach(async () => {
  faulty.clock.pass(ABANDONED);
  expect(await run()).toMatchObject({ ran: true });
});
afterEach(async () => {
  faulty.interpose(undefined);
  await release(faulty.sound, CANARY.consumer);
});

describe("a run", () => {
  test("makes, claims, releases and deletes, times each step, and leaves the class alone", async () => {
    const before = await items();
    const { line, points } = await logged(async () => {
      const report = await run();
      expect(report.ran).toBe(true);
      expect(Object.keys(report.steps)).toEqual(STEPS);
      const sum = Object.values(report.steps).reduce((total, each) => total + each, 0);
      expect(report.latency).toBeGreaterThanOrEqual(sum);
    });
    expect(line).toMatchObject({ status: "ok", changed: [CANARY.provider, CANARY.consumer] });
    expect(Object.keys(line["steps"] as object)).toEqual(STEPS);
    expect(line).not.toHaveProperty("failed");
    expect(sumOf(points, "CanaryRuns")).toBe(1);
    expect(sumOf(points, "CanaryLatency")).toBeGreaterThanOrEqual(0);
    expect(sumOf(points, "CanaryFailures")).toBeUndefined();
    const cost = `${sumOf(points, "WriteUnits")} write units and ${sumOf(points, "ReadUnits")} read units`;
    expect(readFileSync("docs/monitoring.md", "utf8")).toContain(`A run takes ${cost}`);
    expect(await records()).toEqual([]);
    expect((await items()).map(keyOf)).toEqual(before.map(keyOf));
    const listed = (await faulty.sound.request("GET", "/resource_classes")).body;
    const names = listed.resource_classes.map(({ name }: { name: string }) => name);
    expect(names.filter((name: string) => name === CANARY.resourceClass)).toHaveLength(1);
  });

  test("survives throttles and conflicts in each of its steps", async () => {
    for (const kinds of [THROTTLES, CONFLICTS]) {
      for (const step of WRITING_STEPS) {
        faulty.interpose(failBefore(2, atStep(step), fault(kinds)));
        const { line } = await logged(run);
        expect([step, line["status"], line["retries"]]).toEqual([step, "ok", 2]);
      }
    }
  });

  test("knows its own writes again if their answers are lost", async () => {
    for (const step of WRITING_STEPS) {
      faulty.interpose(loseAnswers(1, atStep(step), fault(LOSSES)));
      expect(await run()).toMatchObject({ ran: true });
    }
  });

  test.each(WRITING_STEPS)("fails with the name of its step: %s", async (step) => {
    const { line, points } = await logged(async () => {
      const failed = await stopAt(step);
      expect(failed.step).toBe(step);
      expect(failed.message).toMatch(new RegExp(`^the canary's step ${step} failed: Unknown`));
      expect(failed.message.length).toBeLessThan(400);
    });
    const steps = STEPS.slice(0, STEPS.indexOf(step) + 1);
    expect(line).toMatchObject({ status: "error", failed: step });
    expect(Object.keys(line["steps"] as object)).toEqual(steps);
    for (const name of ["CanaryRuns", "CanaryFailures", "TaskFailures"]) {
      expect([name, sumOf(points, name)]).toEqual([name, 1]);
    }
    expect(sumOf(points, "CanaryLatency")).toBeUndefined();
    faulty.clock.pass(ABANDONED);
    expect(await run()).toMatchObject({ ran: true });
    expect(await records()).toEqual([]);
  });

  test("fails if what was acknowledged does not show", async () => {
    let claims = 0;
    faulty.interpose(async (call) => {
      const isClaim = isTransaction(call) && call.keys.some(({ sk }) => sk === "CONSUMER");
      claims += Number(isClaim);
      // A store that loses what it has acknowledged.
      return isClaim && claims === 1 ? {} : call.send();
    });
    const failed = await failureOf(run());
    expect(failed.step).toBe("read");
    expect(failed.message).toContain("the consumer holds nothing of 1, and 0 of 1 is used");
  });
});

describe("what is left behind", () => {
  test("is left alone while it may be that of a run under way", async () => {
    for (const step of ["inventory", "claim", "release", "delete"]) {
      await stopAt(step);
      const before = await records();
      expect(before.length).toBeGreaterThan(3);
      faulty.clock.pass(20_000);
      const { line, points } = await logged(async () => {
        expect(await run()).toMatchObject({ ran: false });
      });
      expect(line).toMatchObject({ status: "ok", changed: [], changes: 0 });
      expect(sumOf(points, "CanaryRuns")).toBeUndefined();
      expect(await records()).toEqual(before);
      faulty.clock.pass(ABANDONED);
      expect(await run()).toMatchObject({ ran: true });
      expect(await records()).toEqual([]);
    }
  });

  test("may be a consumer alone, which holds nothing or something else", async () => {
    const { api } = faulty;
    const host = await makeProvider(api, { VCPU: 8 });
    const owner = { project_id: CANARY.project, user_id: CANARY.user };
    const idle = { ...owner, uuid: CANARY.consumer };
    const allocations = { [host]: { resources: { VCPU: 1 } } };
    const holding = { ...owner, allocations, consumer_generation: null, consumer_type: "X" };
    for (const make of [
      () => api.request("POST", "/consumers", { body: idle }),
      () => api.request("PUT", `/allocations/${CANARY.consumer}`, { body: holding }),
    ]) {
      expect([201, 204]).toContain((await make()).status);
      expect(await run()).toMatchObject({ ran: false });
      faulty.clock.pass(ABANDONED);
      expect(await run()).toMatchObject({ ran: true });
      expect(await records()).toEqual([]);
    }
  });
});

describe("others", () => {
  const old = () => faulty.clock.pass(ABANDONED * 2);

  async function refused(step: string, words: string): Promise<void> {
    const before = await records();
    const failed = await failureOf(run());
    expect([failed.step, failed.message]).toEqual([step, expect.stringContaining(words)]);
    expect(await records()).toEqual(before);
  }

  test("keep a provider that has the canary's uuid, or its name", async () => {
    const { api } = faulty;
    const path = `/resource_providers/${CANARY.provider}`;
    await makeProvider(api, {}, { uuid: CANARY.provider, name: "somebody's" });
    old();
    await refused("clean", "ForeignRecord: the provider");
    expect((await api.request("DELETE", path)).status).toBe(204);
    const other = await makeProvider(api, {}, { name: CANARY.name });
    old();
    await refused(
      "create",
      `DuplicateProvider: Conflicting resource provider name: ${CANARY.name}`,
    );
    expect((await api.request("DELETE", `/resource_providers/${other}`)).status).toBe(204);
  });

  test("keep a consumer that has the canary's uuid", async () => {
    const { api } = faulty;
    const provider = await makeProvider(api, { VCPU: 1 });
    expect((await claim(api, CANARY.consumer, { [provider]: { VCPU: 1 } })).status).toBe(204);
    old();
    await refused("clean", "ForeignRecord: the consumer");
  });

  test("keep what they hold on the canary's provider, which stays", async () => {
    await stopAt("claim");
    const consumer = randomUUID();
    const held = { [CANARY.provider]: { [CANARY.resourceClass]: 1 } };
    expect((await claim(faulty.api, consumer, held)).status).toBe(204);
    old();
    await refused("clean", "ProviderInUse");
    expect((await release(faulty.api, consumer)).status).toBe(204);
  });

  test("are not offered the canary's provider, unless they ask for its class", async () => {
    const { api } = faulty;
    await stopAt("claim");
    const host = await makeProvider(api, { VCPU: 8 });
    const offered = async (query: string) => {
      const { status, body } = await api.request("GET", `/allocation_candidates?${query}`);
      expect([query, status]).toEqual([query, 200]);
      return Object.keys(body.provider_summaries);
    };
    const found = await offered("resources=VCPU:1");
    expect(found).toContain(host);
    expect(found).not.toContain(CANARY.provider);
    expect(await offered(`resources=${CANARY.resourceClass}:1`)).toEqual([CANARY.provider]);
    const both = await offered(
      `resources1=VCPU:1&resources2=${CANARY.resourceClass}:1&group_policy=none`,
    );
    expect(both).toEqual([]);
  });
});
