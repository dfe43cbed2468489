/** `claim`, `release` and `move` against the server, with what may go wrong on the way. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import type { Holdings, Wanted } from "../../lib/client/claims/holdings.ts";
import { claim, isRefusal, move, PlacementRefusal, release } from "../../lib/client/index.ts";
import { answering, clientOf, losing } from "../support/client.ts";
import { THROTTLES } from "../support/faults.ts";
import { useFaulty } from "../support/frame.ts";
import { claim as claimRaw, makeProvider, readClaim, readUsages } from "../support/world.ts";

const faulty = useFaulty();
let url: string;
let provider: string;

beforeAll(async () => {
  url = faulty.api.url;
  provider = await makeProvider(faulty.sound, { VCPU: 100_000 });
});

const owner = { project: "project", user: "user", type: "INSTANCE" };
const wanting = (VCPU: number): Wanted => ({ allocations: { [provider]: { VCPU } }, owner });
const held = async (consumer: string) => (await readClaim(faulty.sound, consumer))?.held;
const keysOf = (sent: readonly { headers: Readonly<Record<string, string>> }[]) =>
  sent.flatMap(({ headers }) => headers["idempotency-key"] ?? []);

describe("a claim", () => {
  test("gives decide what is held, and writes what it says", async () => {
    const { client } = clientOf(url);
    const consumer = randomUUID();
    const seen: Holdings[] = [];
    const decide = (VCPU: number) => (now: Holdings) => {
      seen.push(now);
      return wanting(VCPU);
    };
    expect(await claim(client, consumer, decide(2))).toEqual(wanting(2));
    await claim(client, consumer, decide(3));
    expect(seen).toEqual([
      { allocations: {}, owner: undefined, generation: null },
      { ...wanting(2), generation: 1 },
    ]);
    expect(await held(consumer)).toEqual({ [provider]: { VCPU: 3 } });
  });

  test("leaves everything as it is if decide says nothing", async () => {
    const { client, sent } = clientOf(url);
    expect(await claim(client, randomUUID(), () => undefined)).toBeUndefined();
    expect(sent.map(({ method }) => method)).toEqual(["GET"]);
  });

  test("of a fresh consumer does not read, unless there is one", async () => {
    const { client, sent } = clientOf(url);
    const consumer = randomUUID();
    const more = ({ allocations }: Holdings) => wanting(1 + (allocations[provider]?.["VCPU"] ?? 0));
    await claim(client, consumer, more, { fresh: true });
    await claim(client, consumer, more, { fresh: true });
    expect(sent.map(({ method }) => method)).toEqual(["PUT", "PUT", "GET", "PUT"]);
    expect(await held(consumer)).toEqual({ [provider]: { VCPU: 2 } });
  });

  test("decides again after another's write, under a new key each time", async () => {
    const { client, sent } = clientOf(url);
    const consumer = randomUUID();
    const generations: (number | null)[] = [];
    await claim(client, consumer, async ({ generation, allocations }) => {
      generations.push(generation);
      if (generations.length <= 2) {
        await claimRaw(faulty.sound, consumer, { [provider]: { VCPU: 5 } }, generation);
      }
      return wanting((allocations[provider]?.["VCPU"] ?? 0) + 1);
    });
    expect(generations).toEqual([null, 1, 2]);
    expect(await held(consumer)).toEqual({ [provider]: { VCPU: 6 } });
    const keys = keysOf(sent);
    expect([keys.length, new Set(keys).size]).toEqual([3, 3]);
  });

  test("gives up after its rounds with the last refusal", async () => {
    const { client } = clientOf(url);
    const consumer = randomUUID();
    let rounds = 0;
    const disturbed = claim(
      client,
      consumer,
      async ({ generation }) => {
        rounds += 1;
        await claimRaw(faulty.sound, consumer, { [provider]: { VCPU: rounds } }, generation);
        return wanting(50);
      },
      { maxRounds: 3 },
    );
    const error = await disturbed.catch((thrown: unknown) => thrown);
    expect(isRefusal(error, "placement.concurrent_update") && error.status).toBe(409);
    expect([rounds, await held(consumer)]).toEqual([3, { [provider]: { VCPU: 3 } }]);
  });

  test("that does not fit is refused at once", async () => {
    const { client, sent } = clientOf(url);
    const error = await claim(client, randomUUID(), () => wanting(100_001)).catch((e) => e);
    expect(error).toBeInstanceOf(PlacementRefusal);
    expect(error).toMatchObject({ status: 409, code: "placement.undefined_code" });
    expect(error.detail).toContain("would exceed the capacity");
    expect(sent).toHaveLength(2);
  });

  test.each([1, 2, 3])("whose answer is lost %i times is carried out once", async (count) => {
    const { client, sent } = clientOf(url, losing(count));
    const consumer = randomUUID();
    let decisions = 0;
    await claim(client, consumer, ({ allocations }) => {
      decisions += 1;
      return wanting((allocations[provider]?.["VCPU"] ?? 0) + 7);
    });
    expect([decisions, await readClaim(faulty.sound, consumer)]).toEqual([
      1,
      { held: { [provider]: { VCPU: 7 } }, generation: 1 },
    ]);
    const keys = keysOf(sent);
    expect([keys.length, new Set(keys).size]).toEqual([count + 1, 1]);
  });

  test("whose answer stays lost says so, and may be made again", async () => {
    const consumer = randomUUID();
    const once = (now: Holdings) =>
      Object.keys(now.allocations).length > 0 ? undefined : wanting(4);
    const { client } = clientOf(url, losing(4));
    const error = await claim(client, consumer, once).catch((thrown) => thrown);
    expect(error).toMatchObject({ name: "AnswerLost", idempotencyKey: expect.any(String) });
    expect(await claim(client, consumer, once)).toBeUndefined();
    expect(await readClaim(faulty.sound, consumer)).toMatchObject({ generation: 1 });
  });

  test.each([502, 503, 504])("answered %i by a gateway is sent again", async (status) => {
    const { client } = clientOf(
      url,
      answering(2, () => new Response("<html>", { status })),
    );
    const consumer = randomUUID();
    await claim(client, consumer, () => wanting(1));
    expect(await readClaim(faulty.sound, consumer)).toMatchObject({ generation: 1 });
  });

  test("waits as a busy service says, and for a part of a doubling time", async () => {
    const { client, sent, clock } = clientOf(url);
    let busy = true;
    faulty.interpose((call) => {
      if (busy && call.command === "TransactWrite") throw THROTTLES["status 429"]?.();
      return call.send();
    });
    const sleep = clock.sleep;
    const pauses: number[] = [];
    Object.assign(clock, {
      sleep: (milliseconds: number) => {
        pauses.push(milliseconds);
        busy = pauses.length < 2;
        return sleep(milliseconds);
      },
    });
    const consumer = randomUUID();
    await claim(client, consumer, () => wanting(1));
    expect(await held(consumer)).toEqual({ [provider]: { VCPU: 1 } });
    expect(new Set(keysOf(sent)).size).toBe(1);
    expect(pauses).toHaveLength(2);
    for (const [index, paused] of pauses.entries()) {
      expect(paused).toBeGreaterThanOrEqual(1_000);
      expect(paused).toBeLessThan(1_000 + 100 * 2 ** index);
    }
  });
});

describe("a release", () => {
  test("gives back all, and says whether there was something", async () => {
    const { client } = clientOf(url);
    const consumer = randomUUID();
    await claim(client, consumer, () => wanting(1));
    expect([await release(client, consumer), await release(client, consumer)]).toEqual([
      true,
      false,
    ]);
    expect(await held(consumer)).toBeUndefined();
  });

  test("whose answer is lost still says that there was something", async () => {
    const consumer = randomUUID();
    await claim(clientOf(url).client, consumer, () => wanting(1));
    expect(await release(clientOf(url, losing(2)).client, consumer)).toBe(true);
  });

  test("at a wrong URL is no release of nothing", async () => {
    const { client } = clientOf(`${url}/elsewhere`);
    await expect(release(client, randomUUID())).rejects.toMatchObject({ status: 404 });
  });
});

describe("a move", () => {
  test("passes on all at once, with its owner", async () => {
    const { client } = clientOf(url, losing(1));
    const [from, to] = [randomUUID(), randomUUID()];
    await claim(client, from, () => wanting(6));
    const before = await readUsages(faulty.sound, provider);
    expect(await move(client, { from, to })).toEqual({
      from: { allocations: {}, owner },
      to: wanting(6),
    });
    expect([await held(from), await held(to)]).toEqual([undefined, { [provider]: { VCPU: 6 } }]);
    expect(await readUsages(faulty.sound, provider)).toEqual(before);
    expect(await move(client, { from, to })).toBeUndefined();
  });

  test("adds to what the other holds, as it is at that moment", async () => {
    const { client } = clientOf(url);
    const [from, to] = [randomUUID(), randomUUID()];
    await claim(client, from, () => wanting(1));
    let disturbed = 0;
    await move(
      client,
      { from, to },
      {
        decide: async (source, target) => {
          disturbed += 1;
          if (disturbed === 1) await claimRaw(faulty.sound, to, { [provider]: { VCPU: 2 } });
          if (source.owner === undefined) return undefined;
          const VCPU = 1 + (target.allocations[provider]?.["VCPU"] ?? 0);
          return { from: { allocations: {}, owner: source.owner }, to: wanting(VCPU) };
        },
      },
    );
    expect([disturbed, await held(to)]).toEqual([2, { [provider]: { VCPU: 3 } }]);
    await claim(client, from, () => wanting(4));
    await move(client, { from, to });
    expect(await held(to)).toEqual({ [provider]: { VCPU: 7 } });
  });
});
