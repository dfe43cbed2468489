/** Of a renewal, or any other write, and a release exactly one wins; lost answers change nothing. */
import { randomUUID } from "node:crypto";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { isWrite } from "../support/between.ts";
import { loseAnswers } from "../support/faulty.ts";
import { useFaulty } from "../support/frame.ts";
import type { Call } from "../support/interpose.ts";
import { leaseRequests, MARGIN, onceBefore } from "../support/leases.ts";
import { REPEATS } from "../support/repeats.ts";
import { claim, claimBody, makeProvider, release } from "../support/world.ts";

const SECOND = 1_000;
const lost = () => Object.assign(new Error("lost"), { code: "ECONNRESET" });

describe.each(REPEATS)("with %s", (repeats) => {
  const faulty = useFaulty({ repeats });
  const { hold, held, renew, confirm, show, sweep, listed, releaseAll } = leaseRequests(
    () => faulty.api,
  );
  let host: string;

  beforeAll(async () => {
    host = await makeProvider(faulty.api, { VCPU: 1_000 });
    await sweep();
  });
  afterEach(async () => {
    await releaseAll();
    await sweep();
  });
  const one = () => ({ [host]: { VCPU: 1 } });

  /** A write of the consumer. */
  const writeOf =
    (uuid: string) =>
    (call: Call): boolean =>
      isWrite(call) && call.keys.some(({ pk }) => pk === `CONSUMER#${uuid}`);

  /** Does `act` directly before the next write of the consumer. */
  const justBefore = (uuid: string, act: () => Promise<unknown>) => {
    const { interposer, done } = onceBefore(writeOf(uuid), act);
    faulty.interpose(interposer);
    return done;
  };
  const until = (seconds: number) => faulty.clock.pass(seconds * SECOND);

  /** Renews, and gives the end of the lease: a change that is planned again moves the clock. */
  const renewed = async (uuid: string, seconds: number, more: object = {}): Promise<number> => {
    const end = Math.ceil(faulty.clock.now() + seconds * SECOND);
    expect((await renew(uuid, seconds, more)).status).toBe(200);
    return end;
  };

  test("a release that overtakes a renewal wins", async () => {
    const uuid = await held(one(), 60);
    until(59);
    const done = justBefore(uuid, async () => {
      faulty.clock.pass(2 * SECOND + MARGIN);
      expect((await sweep()).done).toBe(1);
    });
    expect((await renew(uuid, 60)).status).toBe(404);
    expect([done.times, (await show(uuid)).status]).toEqual([1, 404]);
    expect(await listed(uuid)).toEqual([]);
  });

  test("a renewal that overtakes a release wins", async () => {
    const uuid = await held(one(), 60);
    const { life } = (await show(uuid)).body;
    until(71);
    // Its clock is behind by as much as the margin allows.
    const done = justBefore(uuid, async () => {
      faulty.clock.pass(-MARGIN - 2 * SECOND);
      expect((await renew(uuid, 60, { life })).status).toBe(200);
      faulty.clock.pass(MARGIN + 2 * SECOND);
    });
    expect(await sweep()).toMatchObject({ found: 1, done: 0, failed: 0, held: null });
    expect([done.times, (await show(uuid)).body.lease_version]).toEqual([1, 2]);
    until(71);
    expect((await sweep()).done).toBe(1);
  });

  test.each([
    ["a confirmation", (uuid: string) => confirm(uuid), [204, undefined, undefined]],
    ["a claim", (uuid: string) => claim(faulty.api, uuid, one(), 1), [204, 1, true]],
    ["a shorter lease", (uuid: string) => hold(uuid, one(), 20, 1), [204, 2, true]],
  ])("%s that overtakes a release wins", async (_, write, [status, version, isLeased]) => {
    const uuid = await held(one(), 60);
    until(71);
    const done = justBefore(uuid, async () => {
      faulty.clock.pass(-MARGIN - 2 * SECOND);
      expect((await write(uuid)).status).toBe(status);
      if (isLeased === undefined || version === 2) faulty.clock.pass(MARGIN + 2 * SECOND);
    });
    expect((await sweep()).done).toBe(0);
    expect(done.times).toBe(1);
    expect((await show(uuid)).body.lease_version).toBe(version);
    await release(faulty.api, uuid);
    expect(await listed(uuid)).toEqual([]);
  });

  test("a renewal beside a claim: both are carried out", async () => {
    const uuid = await held(one(), 60);
    let end = 0;
    const done = justBefore(uuid, async () => {
      end = await renewed(uuid, 20);
    });
    expect((await claim(faulty.api, uuid, { [host]: { VCPU: 2 } }, 1)).status).toBe(204);
    expect(done.times).toBe(1);
    expect((await show(uuid)).body).toMatchObject({ consumer_generation: 2, lease_version: 2 });
    expect(await listed(uuid)).toEqual([end]);
  });

  test("a claim beside a renewal: both are carried out", async () => {
    const uuid = await held(one(), 60);
    const done = justBefore(uuid, async () => {
      expect((await claim(faulty.api, uuid, { [host]: { VCPU: 2 } }, 1)).status).toBe(204);
    });
    expect((await renew(uuid, 20)).status).toBe(200);
    expect(done.times).toBe(1);
    expect((await show(uuid)).body).toMatchObject({ consumer_generation: 2, lease_version: 2 });
  });

  test("a renewal beside a release by DELETE leaves nothing", async () => {
    const uuid = await held(one(), 60);
    const done = justBefore(uuid, async () => {
      expect((await renew(uuid, 20)).status).toBe(200);
    });
    expect((await release(faulty.api, uuid)).status).toBe(204);
    expect([done.times, (await show(uuid)).status]).toEqual([1, 404]);
    expect(await listed(uuid)).toEqual([]);
  });

  test("a renewal meets another life: it is not of that one", async () => {
    const uuid = await held(one(), 60);
    const { life } = (await show(uuid)).body;
    const done = justBefore(uuid, async () => {
      await release(faulty.api, uuid);
      expect((await hold(uuid, one(), 60)).status).toBe(204);
    });
    expect((await renew(uuid, 500, { life })).status).toBe(409);
    expect([done.times, (await show(uuid)).body.lease_version]).toEqual([1, 1]);
  });

  test("while a lease is listed at its later end, a renewal is not lost", async () => {
    const uuid = await held(one(), 60);
    await renew(uuid, 200);
    until(100);
    let end = 0;
    const done = justBefore(uuid, async () => {
      end = await renewed(uuid, 30);
    });
    expect(await sweep()).toMatchObject({ done: 0, failed: 0 });
    expect(done.times).toBe(1);
    expect((await show(uuid)).body.expires_at).toBe(new Date(end).toISOString());
    await sweep();
    expect(await listed(uuid)).toEqual([end]);
  });

  describe("after a lost answer", () => {
    const lose = (uuid: string) => faulty.interpose(loseAnswers(1, writeOf(uuid), lost));

    test("a claim begins its lease once", async () => {
      const uuid = randomUUID();
      lose(uuid);
      expect((await hold(uuid, one(), 60)).status).toBe(204);
      expect((await show(uuid)).body).toMatchObject({ consumer_generation: 1, lease_version: 1 });
    });

    test("a lease is renewed and confirmed once", async () => {
      const uuid = await held(one(), 60);
      lose(uuid);
      expect((await renew(uuid, 60)).body.lease_version).toBe(2);
      lose(uuid);
      expect((await confirm(uuid)).status).toBe(204);
      expect((await show(uuid)).status).toBe(200);
    });

    test("a consumer is released once", async () => {
      const uuid = await held(one(), 60);
      until(71);
      lose(uuid);
      expect(await sweep()).toMatchObject({ done: 1, failed: 0 });
      expect((await show(uuid)).status).toBe(404);
    });
  });

  test("of 12 renewals and a release at once, exactly one side wins", async () => {
    for (let round = 0; round < 4; round += 1) {
      const uuid = await held(one(), 60);
      until(59);
      const renewals = Array.from({ length: 12 }, () => renew(uuid, 60));
      const { done, answers } = await (async () => {
        const swept = (async () => {
          faulty.clock.pass(2 * SECOND + MARGIN);
          return sweep();
        })();
        return { answers: await Promise.all(renewals), done: (await swept).done };
      })();
      const won = answers.filter(({ status }) => status === 200).length > 0;
      expect((await show(uuid)).status).toBe(done === 1 ? 404 : 200);
      if (done === 0) expect(won).toBe(true);
      if (done === 0) await release(faulty.api, uuid);
    }
  });

  test("a large change keeps a renewal that overtakes its intents", async () => {
    const uuids = Array.from({ length: 40 }, () => randomUUID());
    const bodies = (generation: number | null, amount: number) =>
      Object.fromEntries(
        uuids.map((uuid) => [uuid, claimBody({ [host]: { VCPU: amount } }, generation)]),
      );
    const post = (body: object, headers: Readonly<Record<string, string>> = {}) =>
      faulty.api.request("POST", "/allocations", { body, headers });
    expect((await post(bodies(null, 1), { "placement-lease": "600" })).status).toBe(204);
    const [uuid = ""] = uuids;
    const { life } = (await show(uuid)).body;
    let end = 0;
    const done = justBefore(uuid, async () => {
      end = await renewed(uuid, 300, { life });
    });
    expect((await post(bodies(1, 2))).status).toBe(204);
    expect(done.times).toBe(1);
    expect((await show(uuid)).body).toMatchObject({
      consumer_generation: 2,
      lease_version: 2,
      expires_at: new Date(end).toISOString(),
    });
    expect(await listed(uuid)).toEqual([end]);
    expect((await post(bodies(2, 2), { "placement-lease": "100" })).status).toBe(204);
    expect((await show(uuid)).body).toMatchObject({ consumer_generation: 3, lease_version: 3 });
  });
});
