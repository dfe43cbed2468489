/** Faults below the store's retries: what the client hears is what happened. */
import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { isWrite } from "../support/between.ts";
import { CONFLICTS, LOSSES, THROTTLES } from "../support/faults.ts";
import { type Faulty, failBefore, loseAnswers, startFaulty } from "../support/faulty.ts";
import type { HttpAnswer } from "../support/http-client.ts";
import { brokenInvariants } from "../support/invariants.ts";
import {
  claim,
  claimBody,
  makeProvider,
  putInventories,
  type Requester,
  readUsages,
} from "../support/world.ts";

let faulty: Faulty;
let provider: string;

beforeAll(async () => {
  faulty = await startFaulty();
});
afterEach(async () => {
  faulty.interpose(undefined);
  expect(brokenInvariants(await faulty.sound.items())).toEqual([]);
});
afterAll(() => faulty.close());

interface Step {
  readonly what: string;
  readonly status: number;
  act(server: Requester): Promise<HttpAnswer>;
}

/** Every kind of write, each right only if it is applied exactly once. */
function writes(): Step[] {
  const [consumer, other, record, made, child, name] = Array.from({ length: 6 }, randomUUID) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const at = `/resource_providers/${made}`;
  const custom = `CUSTOM_${name.replaceAll("-", "_").toUpperCase()}`;
  const step = (what: string, status: number, act: Step["act"]): Step => ({ what, status, act });
  const request =
    (method: string, path: string, body?: unknown, version = "1.39"): Step["act"] =>
    (server) =>
      server.request(method, path, body === undefined ? { version } : { body, version });
  return [
    step("a claim", 204, (server) => claim(server, consumer, { [provider]: { VCPU: 2 } })),
    step("the same claim again", 409, (server) =>
      claim(server, consumer, { [provider]: { VCPU: 2 } }),
    ),
    step("a claim of too much", 409, (server) =>
      claim(server, other, { [provider]: { VCPU: 999 } }),
    ),
    step("a replacement", 204, (server) => claim(server, consumer, { [provider]: { VCPU: 5 } }, 1)),
    step("a stale replacement", 409, (server) =>
      claim(server, consumer, { [provider]: { VCPU: 6 } }, 1),
    ),
    step("two at once", 204, (server) =>
      request("POST", "/allocations", {
        [consumer]: claimBody({ [provider]: { VCPU: 1 } }, 2),
        [other]: claimBody({ [provider]: { VCPU: 3 } }, null),
      })(server),
    ),
    step(
      "a fencing token",
      200,
      request("POST", `/consumers/${other}/generation`, { consumer_generation: 1 }),
    ),
    step(
      "a used token",
      409,
      request("POST", `/consumers/${other}/generation`, { consumer_generation: 1 }),
    ),
    step("an emptying", 204, (server) => claim(server, other, {}, 2)),
    step("a release", 204, request("DELETE", `/allocations/${consumer}`)),
    step("a second release", 404, request("DELETE", `/allocations/${consumer}`)),
    step(
      "a record",
      201,
      request("POST", "/consumers", { uuid: record, project_id: "p", user_id: "u" }),
    ),
    step(
      "the same record",
      409,
      request("POST", "/consumers", { uuid: record, project_id: "p", user_id: "u" }),
    ),
    step(
      "a new owner",
      200,
      request("PUT", `/consumers/${record}`, {
        project_id: "q",
        user_id: "u",
        consumer_generation: 0,
      }),
    ),
    step("the end of a record", 204, request("DELETE", `/consumers/${record}?generation=1`)),
    step("a provider", 200, request("POST", "/resource_providers", { uuid: made, name })),
    step("the same provider", 409, request("POST", "/resource_providers", { uuid: made, name })),
    step("a class", 201, request("PUT", `/resource_classes/${custom}`)),
    step("inventories", 200, (server) => putInventories(server, made, 0, { VCPU: 4, [custom]: 1 })),
    step("stale inventories", 409, (server) => putInventories(server, made, 0, { VCPU: 4 })),
    step("a class in use", 409, request("DELETE", `/resource_classes/${custom}`)),
    step(
      "one more inventory",
      201,
      request("POST", `${at}/inventories`, { resource_class: "DISK_GB", total: 1 }),
    ),
    step(
      "the same inventory",
      409,
      request("POST", `${at}/inventories`, { resource_class: "DISK_GB", total: 1 }),
    ),
    step(
      "one inventory",
      200,
      request("PUT", `${at}/inventories/DISK_GB`, { resource_provider_generation: 2, total: 9 }),
    ),
    step("one inventory less", 204, request("DELETE", `${at}/inventories/DISK_GB`)),
    step("no inventories", 204, request("DELETE", `${at}/inventories`)),
    step(
      "a class renamed",
      200,
      request("PUT", `/resource_classes/${custom}`, { name: `${custom}_2` }, "1.6"),
    ),
    step("a class deleted", 204, request("DELETE", `/resource_classes/${custom}_2`)),
    step(
      "a child",
      200,
      request("POST", "/resource_providers", {
        uuid: child,
        name: `${name}-child`,
        parent_provider_uuid: made,
      }),
    ),
    step("a rename", 200, request("PUT", at, { name: `${name}-2` })),
    step(
      "a move",
      200,
      request("PUT", `/resource_providers/${child}`, {
        name: `${name}-child`,
        parent_provider_uuid: null,
      }),
    ),
    step("a parent's end", 204, request("DELETE", at)),
    step("a child's end", 204, request("DELETE", `/resource_providers/${child}`)),
  ];
}

/** The same answers, and the same table, as without faults. */
async function expectUnharmed(disturb: () => Parameters<Faulty["interpose"]>[0]): Promise<void> {
  provider = await makeProvider(faulty.sound, { VCPU: 100 });
  for (const { what, status, act } of writes()) {
    faulty.interpose(disturb());
    const answer = await act(faulty.api);
    expect(answer.status, `${what}: ${JSON.stringify(answer.body)}`).toBe(status);
  }
  faulty.interpose(undefined);
  expect(await readUsages(faulty.sound, provider)).toEqual({ VCPU: 0 });
}

describe.each(Object.entries(LOSSES))("%s", (_, error) => {
  test("after the write is made good by sending the same write again", async () => {
    await expectUnharmed(() => loseAnswers(2, isWrite, error));
  });

  test("before the write is made good by sending the same write again", async () => {
    await expectUnharmed(() => failBefore(2, isWrite, error));
  });
});

describe.each([...Object.entries(THROTTLES), ...Object.entries(CONFLICTS)])("%s", (_, error) => {
  test("is waited out, and told to nobody", async () => {
    await expectUnharmed(() => failBefore(3, isWrite, error));
  });
});

test.each([
  ...Object.entries(LOSSES),
  ...Object.entries(THROTTLES).filter(([what]) => !what.startsWith("a transaction")),
])("reads are repeated after %s", async (_, error) => {
  await expectUnharmed(() => failBefore(3, (call) => !isWrite(call), error));
});
