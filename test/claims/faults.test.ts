/** Claims by query that lose a race or an answer: one candidate at most is claimed, and it is the one that is told. */
import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { createClaims } from "../../functions/claims/create.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import { isWrite } from "../support/between.ts";
import { invokeOf } from "../support/direct.ts";
import { LOSSES } from "../support/faults.ts";
import { loseAnswers } from "../support/faulty.ts";
import { useFaulty } from "../support/frame.ts";
import type { Call, Interposer } from "../support/interpose.ts";
import { isReplayed, keyed, told } from "../support/keyed.ts";
import { claimByQuery, claimedIn, newConsumer, queryBody } from "../support/query-claims.ts";
import { REPEATS } from "../support/repeats.ts";
import { isLogAppend } from "../support/shard-logs.ts";
import { claim, makeProvider, readClaim, readUsages, release } from "../support/world.ts";

const lost = LOSSES["a timeout"] as () => Error;

describe.each(REPEATS)("with %s", (repeats) => {
  const faulty = useFaulty({ verified: "after-each", repeats });
  let host: Uuid;
  let other: Uuid;
  let name: string;
  let query: string;
  let consumer: ReturnType<typeof newConsumer>;

  /** Two hosts with one place each; the consumer begins with `host`. */
  beforeEach(async () => {
    name = `CUSTOM_${randomUUID().replaceAll("-", "_").toUpperCase()}`;
    expect((await faulty.sound.request("PUT", `/resource_classes/${name}`)).status).toBe(201);
    query = `resources=${name}:1`;
    consumer = newConsumer();
    host = await makeProvider(faulty.sound, { [name]: 1 });
    other = await makeProvider(faulty.sound, { [name]: 1 });
    const { held } = claimedIn(await asked());
    if (held[0]?.[host] === undefined) [host, other] = [other, host];
    await release(faulty.sound, consumer.uuid);
  });

  const asked = (headers = {}) =>
    claimByQuery(faulty.api, [query], { consumers: [consumer] }, { headers });
  const fill = (provider: Uuid, uuid: string = randomUUID()) =>
    claim(faulty.sound, uuid, { [provider]: { [name]: 1 } });
  const usedOf = async (provider: Uuid) => (await readUsages(faulty.sound, provider))[name];

  /** Calls `act` before the write number `number`, from 1, and sends it on. */
  function beforeWrite(number: number, act: () => Promise<unknown>): Interposer {
    let writes = 0;
    return async (call) => {
      if (isWrite(call)) {
        writes += 1;
        if (writes === number) await act();
      }
      return call.send();
    };
  }

  it("a lost race is followed by the next candidate", async () => {
    faulty.interpose(beforeWrite(1, () => fill(host)));
    expect(claimedIn(await asked())).toMatchObject({
      tries: 2,
      held: [{ [other]: { [name]: 1 } }],
    });
  });

  it("the last place that is lost in a race is a 409, found by another search", async () => {
    await fill(other);
    faulty.interpose(beforeWrite(1, () => fill(host)));
    const answer = await asked();
    expect([answer.status, answer.body.errors[0].code]).toEqual([
      409,
      "placement.claim.no_candidates",
    ]);
    expect(await readClaim(faulty.sound, consumer.uuid)).toBeUndefined();
  });

  it("a place that becomes free while another one is lost is taken", async () => {
    const holder = randomUUID();
    await fill(other, holder);
    faulty.interpose(
      beforeWrite(1, async () => {
        await fill(host);
        await release(faulty.sound, holder);
      }),
    );
    expect(claimedIn(await asked())).toMatchObject({
      tries: 2,
      held: [{ [other]: { [name]: 1 } }],
    });
  });

  it("a winner that was not appended to the shard logs is seen by what it has left", async () => {
    // The next reading finds nothing of `host` in the shard logs but the winner's change.
    await faulty.api.request("GET", `/allocation_candidates?${query}`);
    let first = true;
    faulty.interpose(async (call) => {
      if (isLogAppend(call) && !first) throw lost();
      if (isWrite(call) && first) {
        first = false;
        await claim(faulty.api, randomUUID(), { [host]: { [name]: 1 } });
        faulty.interpose(undefined);
      }
      return call.send();
    });
    expect(claimedIn(await asked())).toMatchObject({
      tries: 2,
      held: [{ [other]: { [name]: 1 } }],
    });
  });

  it("a generation that changes meanwhile ends it, though the host is lost too", async () => {
    faulty.interpose(
      beforeWrite(1, async () => {
        await fill(host, consumer.uuid);
      }),
    );
    const answer = await asked();
    expect([answer.status, answer.body.errors[0].code]).toEqual([
      409,
      "placement.concurrent_update",
    ]);
    expect(await usedOf(other)).toBe(0);
  });

  /** The hosts of all writes that are sent. */
  function watched(hosts: Set<string>, interposer: Interposer): Interposer {
    return (call) => {
      for (const { sk } of isWrite(call) ? call.keys : []) {
        if (sk.startsWith("H#")) hosts.add(sk.slice(2));
      }
      return interposer(call);
    };
  }

  it("after an unknown outcome no other candidate is tried", async () => {
    const hosts = new Set<string>();
    faulty.interpose(watched(hosts, loseAnswers(Number.POSITIVE_INFINITY, isWrite, lost)));
    const answer = await asked();
    expect(answer.status).toBe(503);
    expect(answer.body.errors[0].detail).toContain("whether it was applied is unknown");
    expect([...hosts]).toEqual([host]);
    expect(await usedOf(host)).toBe(1);
    expect(await usedOf(other)).toBe(0);
  });

  /**
   * The first try is on its way while its repeat is refused, since the host is taken. Then the host
   * is free again, and the first try arrives before the first later call that `matches`.
   */
  function arrivingLate(matches: (call: Call) => boolean): Interposer {
    let late: Call | undefined;
    let state: "before" | "sent" | "refused" | "arrived" = "before";
    const holder = randomUUID();
    return async (call) => {
      if (state === "before" && isWrite(call)) {
        state = "sent";
        late = call;
        throw lost();
      }
      if (state === "sent" && isWrite(call)) {
        await fill(host, holder);
        state = "refused";
        return call.send();
      }
      if (state === "refused" && matches(call)) {
        state = "arrived";
        await release(faulty.sound, holder);
        await late?.send().catch(() => undefined);
      }
      return call.send();
    };
  }

  const isNextTry = (call: Call) =>
    isWrite(call) && call.keys.some(({ pk }) => pk === `CONSUMER#${consumer.uuid}`);
  const isNextRead = (call: Call) =>
    call.command === "BatchGet" && call.keys.some(({ pk }) => pk === `CONSUMER#${consumer.uuid}`);

  it.each([
    ["its next try", isNextTry],
    ["its next read of the consumer", isNextRead],
  ])("a first try that is applied before %s is the one that is told", async (_, matches) => {
    faulty.interpose(arrivingLate(matches));
    const { held, consumers } = claimedIn(await asked());
    faulty.interpose(undefined);
    expect(await readClaim(faulty.sound, consumer.uuid)).toEqual({ held: held[0], generation: 1 });
    // By an attempt the store has seen to it that the first one is not applied any more.
    const [taken, free] = repeats === "tokens" ? [host, other] : [other, host];
    expect([await usedOf(taken), await usedOf(free)]).toEqual([1, 0]);
    expect(consumers[0]?.mappings).toEqual({ "": [taken] });
    const next = await claimByQuery(faulty.api, [query]);
    expect(claimedIn(next).held).toEqual([{ [free]: { [name]: 1 } }]);
  });

  it.each([
    ["its next try", isNextTry],
    ["its next read of the consumer", isNextRead],
  ])("under a key, a first try that is applied before %s is repeated", async (_, matches) => {
    const headers = keyed(randomUUID());
    faulty.interpose(arrivingLate(matches));
    const first = await asked(headers);
    faulty.interpose(undefined);
    const { held } = claimedIn(first);
    expect((await readClaim(faulty.sound, consumer.uuid))?.held).toEqual(held[0]);
    const second = await asked(headers);
    expect([isReplayed(second), told(second).body]).toEqual([true, told(first).body]);
  });

  it("a repeat under a key claims once, over HTTP and by direct invocation", async () => {
    const { uuid: _, ...owner } = newConsumer();
    const body = queryBody([query], { consumers: [owner] });
    const options = { body, headers: keyed(randomUUID()) };
    const first = await faulty.api.request("POST", "/claims", options);
    const second = await faulty.sound.request("POST", "/claims", options);
    expect([isReplayed(second), told(second)]).toEqual([true, told(first)]);
    const event = { version: "1.39", caller: "scheduler", idempotencyKey: randomUUID(), body };
    const invoke = invokeOf(faulty.sound, createClaims);
    const [made, again] = [
      JSON.parse((await invoke(JSON.stringify(event))).payload),
      JSON.parse((await invoke(JSON.stringify(event))).payload),
    ];
    expect(made.status).toBe(201);
    expect(again.body).toEqual(made.body);
    expect([await usedOf(host), await usedOf(other)]).toEqual([1, 1]);
  });
});
