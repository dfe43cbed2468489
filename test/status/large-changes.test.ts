/** Large changes under way, as the state of the service tells them. */
import { randomUUID } from "node:crypto";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, test } from "vitest";
import { MAX_CHANGES } from "../../lib/store/status/read.ts";
import { fastClock } from "../support/fast-clock.ts";
import { useApi } from "../support/frame.ts";
import { isCommit, Mortality } from "../support/mortal.ts";
import { claimBody, makeProvider } from "../support/world.ts";
import { iso, readStatus } from "./support.ts";

const SERVERS = 120;

describe("a large change whose function has died", () => {
  const clock = fastClock();
  const mortality = new Mortality();
  const mortal = useApi({ clock, connection: mortality.over, verified: "never" });

  const claimMany = async () => {
    const host = await makeProvider(mortal, { VCPU: 1_000 });
    const claims = Array.from({ length: SERVERS }, () => [
      randomUUID(),
      claimBody({ [host]: { VCPU: 1 } }, null),
    ]);
    return mortal.request("POST", "/allocations", { body: Object.fromEntries(claims) });
  };

  test.each([
    ["before", "pending"],
    ["after", "committed"],
  ] as const)("%s its decision is %s, with when it began and its size", async (when, state) => {
    mortality.live(undefined);
    const begun = clock.now();
    expect(await mortality.during({ at: isCommit, when }, claimMany)).toBe("died");
    mortality.live(undefined);
    const { large_changes: changes } = await readStatus(mortal);
    const [change] = changes.filter((each) => each.state === state);
    expect(Date.parse(change?.since ?? "")).toBeGreaterThanOrEqual(begun);
    expect(change?.items).toBeGreaterThan(SERVERS);
    expect(Date.parse(change?.expires_at ?? "")).toBeGreaterThan(clock.now());
  });
});

describe("many large changes", () => {
  const api = useApi({ verified: "never" });
  const put = (id: string, more: object = {}) => {
    const record = { pk: "CHANGES", sk: `CHANGE#${id}`, s: "aborted", e: 5_000, p: 1, ...more };
    return api.client.send(new PutCommand({ TableName: api.tableName, Item: record }));
  };

  test("of an earlier release have neither beginning nor size", async () => {
    await put("a");
    await put("b", { b: 1_000, i: 7 });
    expect((await readStatus(api)).large_changes).toEqual([
      { id: "a", state: "aborted", since: null, items: null, expires_at: iso(5_000) },
      { id: "b", state: "aborted", since: iso(1_000), items: 7, expires_at: iso(5_000) },
    ]);
  });

  test("are cut, and it says so", async () => {
    for (let count = 2; count < MAX_CHANGES; count += 1) await put(`c${count}`);
    expect((await readStatus(api)).more_large_changes).toBe(false);
    await put("d");
    const { large_changes: changes, more_large_changes: more } = await readStatus(api);
    expect([changes.length, more]).toEqual([MAX_CHANGES, true]);
  });
});
