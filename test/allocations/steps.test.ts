/** A step size that was learned while an amount stayed is no excuse once the amount changes. */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import type { Api } from "../support/api.ts";
import { isWrite } from "../support/between.ts";
import { useBetween } from "../support/frame.ts";
import { claim, detailOf, makeProvider, putInventories, readUsages } from "../support/world.ts";

const between = useBetween();

test("an amount that changes in a second plan meets the step size", async () => {
  const { slow, quick, before } = between;
  const provider = await makeProvider(quick, { VCPU: 100, MEMORY_MB: 100 });
  const consumer = randomUUID();
  const held = { [provider]: { VCPU: 5, MEMORY_MB: 1 } };
  expect((await claim(quick, consumer, held)).status).toBe(204);
  const inventories = {
    VCPU: { total: 100, step_size: 4 },
    MEMORY_MB: { total: 100, step_size: 3 },
  };
  expect((await putInventories(quick, provider, 2, inventories)).status).toBe(200);
  // Of no generation: the consumer is taken for a new one, then read. VCPU stays by the second
  // plan, MEMORY_MB meets a step size of which it does not know; both are learned from that.
  const put = (api: Api, amounts: Record<string, number>) => {
    const body = {
      allocations: { [provider]: { resources: amounts } },
      project_id: "project",
      user_id: "user",
    };
    return api.request("PUT", `/allocations/${consumer}`, { body, version: "1.12" });
  };
  let lowered: number | undefined;
  const lower = async () => {
    lowered = (await put(quick, { VCPU: 4, MEMORY_MB: 1 })).status;
  };
  const atWrite = (number: number, act: () => Promise<unknown>): unknown =>
    before(isWrite, number === 1 ? act : async () => atWrite(number - 1, act));
  atWrite(3, lower);
  const answer = await put(slow, { VCPU: 5, MEMORY_MB: 3 });
  expect(lowered).toBe(204);
  expect(answer.status, JSON.stringify(answer.body)).toBe(409);
  expect(detailOf(answer)).toContain("would violate inventory constraints");
  expect(await readUsages(quick, provider)).toEqual({ VCPU: 4, MEMORY_MB: 1 });
});
