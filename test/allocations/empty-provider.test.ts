/** A host whose owner is gone is emptied: its consumers lose what they hold on it, and nothing else. */
import { randomUUID } from "node:crypto";
import { describe, expect, test, vi } from "vitest";
import type { Uuid } from "../../lib/model/uuid.ts";
import { isWrite } from "../support/between.ts";
import { chance } from "../support/chance.ts";
import { expectRefusal } from "../support/expect-refusal.ts";
import { LOST } from "../support/faults.ts";
import { failBefore, loseAnswers } from "../support/faulty.ts";
import { useApi, useFaulty } from "../support/frame.ts";
import { sweep } from "../support/large-world.ts";
import { REPEATS } from "../support/repeats.ts";
import { randomUuid } from "../support/uuids.ts";
import {
  claim,
  makeProvider,
  OWNER,
  type Requester,
  readClaim,
  readProvider,
  readUsages,
  release,
} from "../support/world.ts";

vi.setConfig({ testTimeout: 120_000 });

const random = chance("a host is emptied");
const { consumer_type, ...owner } = OWNER;
const VCPU = (amount: number) => ({ VCPU: amount });

/** `count` consumers with one VCPU each, in the order of their uuids. */
async function crowd(api: Requester, host: Uuid, count: number): Promise<string[]> {
  const uuids = Array.from({ length: count }, () => randomUUID()).sort();
  for (const uuid of uuids) {
    expect((await claim(api, uuid, { [host]: VCPU(1) })).status).toBe(204);
  }
  return uuids;
}

const gone = (uuid: string) => ({
  consumer_uuid: uuid,
  consumer_generation: null,
  ...owner,
  consumer_type,
});

describe.each(REPEATS)("with %s", (repeats) => {
  const faulty = useFaulty({ verified: "after-each", repeats });

  const host = () => makeProvider(faulty.sound, VCPU(1_000));
  const empty = (uuid: string, query = "", headers = {}) =>
    faulty.api.request("DELETE", `/resource_providers/${uuid}/allocations${query}`, { headers });

  /** Calls until nothing is left; what each released. */
  async function emptied(uuid: string, limit: number): Promise<string[][]> {
    const calls: string[][] = [];
    for (let call = 0; call < 100; call += 1) {
      const { status, body } = await empty(uuid, `?limit=${limit}`);
      expect(status).toBe(200);
      expect(body.released.length).toBeLessThanOrEqual(limit);
      calls.push(body.released.map((each: { consumer_uuid: string }) => each.consumer_uuid));
      if (!body.more) return calls;
    }
    throw new Error("the host is never empty");
  }

  test.each([3, 40])("all %d consumers go in one call, which names them", async (count) => {
    const dead = await host();
    const uuids = await crowd(faulty.sound, dead, count);
    const before = await readProvider(faulty.sound, dead);
    const { status, body } = await empty(dead);
    expect([status, body]).toEqual([200, { released: uuids.map(gone), more: false }]);
    expect(await readUsages(faulty.sound, dead)).toEqual(VCPU(0));
    expect((await readProvider(faulty.sound, dead)).generation).toBe(before.generation);
    expect((await faulty.api.request("GET", `/consumers/${uuids[0]}`)).status).toBe(404);
    expect((await empty(dead)).body).toEqual({ released: [], more: false });
    expect((await faulty.api.request("DELETE", `/resource_providers/${dead}`)).status).toBe(204);
  });

  test.each([1, 2, 3, 7])("calls of %d release each consumer once, in order", async (limit) => {
    const dead = await host();
    const uuids = await crowd(faulty.sound, dead, 6);
    const calls = await emptied(dead, limit);
    expect(calls.flat()).toEqual(uuids);
    expect(calls).toHaveLength(Math.ceil(6 / limit));
  });

  test("a consumer keeps what it holds elsewhere, and its generation rises by one", async () => {
    const [dead, other] = [await host(), await host()];
    const consumer = randomUUID();
    await claim(faulty.sound, consumer, { [dead]: VCPU(2), [other]: VCPU(3) });
    const before = await readProvider(faulty.sound, other);
    const life = async () => (await faulty.api.request("GET", `/consumers/${consumer}`)).body.life;
    const first = await life();
    const { body } = await empty(dead);
    expect(body.released).toEqual([{ ...gone(consumer), consumer_generation: 2 }]);
    const held = { [other]: VCPU(3) };
    expect(await readClaim(faulty.sound, consumer)).toEqual({ held, generation: 2 });
    expect(await life()).toBe(first);
    expect(await readUsages(faulty.sound, other)).toEqual(VCPU(3));
    expect(await readProvider(faulty.sound, other)).toEqual(before);
    const stale = await claim(faulty.sound, consumer, held, 1);
    expectRefusal(stale, { status: 409, code: "placement.concurrent_update" });
    expect((await release(faulty.sound, consumer)).status).toBe(204);
  });

  test.each([random.pick(LOST)])("%s of a write does no harm", async (_, error) => {
    for (const count of [2, 36]) {
      for (const disturb of [loseAnswers, failBefore]) {
        const dead = await host();
        const uuids = await crowd(faulty.sound, dead, count);
        faulty.interpose(disturb(2, isWrite, error));
        const { body } = await empty(dead);
        faulty.interpose(undefined);
        expect(body).toEqual({ released: uuids.map(gone), more: false });
        expect(await readUsages(faulty.sound, dead)).toEqual(VCPU(0));
      }
    }
  });

  test("a call that dies has released all that it took, or nobody", async () => {
    // Of eight writes; three deaths are drawn.
    const deaths = Array.from({ length: 3 }, () => 1 + random.below(8));
    for (const last of deaths) {
      const dead = await host();
      await crowd(faulty.sound, dead, 36);
      let calls = 0;
      faulty.interpose(async (call) => {
        if (isWrite(call) && ++calls > last) throw new Error("the function is dead");
        return call.send();
      });
      const { status } = await empty(dead);
      faulty.interpose(undefined);
      faulty.clock.pass(60_000);
      const left = (await readUsages(faulty.sound, dead))["VCPU"];
      expect([0, 36], `after ${last} writes`).toContain(left);
      if (status === 200) expect(left).toBe(0);
      expect((await emptied(dead, 100)).flat()).toHaveLength(left ?? -1);
      // As the task does every minute.
      await sweep(faulty.api);
    }
  });

  test.each([2, 36])("under a key, %d consumers are released and named once", async (count) => {
    const dead = await host();
    const uuids = await crowd(faulty.sound, dead, count);
    const key = { "idempotency-key": randomUUID() };
    const first = await empty(dead, `?limit=${count}`, key);
    const [late = ""] = await crowd(faulty.sound, dead, 1);
    const second = await empty(dead, `?limit=${count}`, key);
    expect(first.body).toEqual({ released: uuids.map(gone), more: false });
    expect([second.status, second.body]).toEqual([200, first.body]);
    expect((await readClaim(faulty.sound, late))?.held).toEqual({ [dead]: VCPU(1) });
  });

  test("beside claims, releases and moves nothing is lost, and nothing is left over", async () => {
    const other = await host();
    for (let round = 0; round < 6; round += 1) {
      const dead = await host();
      const uuids = await crowd(faulty.sound, dead, 12);
      const act = async (uuid: string) => {
        const way = random.below(4);
        if (way === 0) return release(faulty.sound, uuid);
        if (way === 1) return claim(faulty.sound, uuid, { [other]: VCPU(1) }, 1);
        if (way === 2) return claim(faulty.sound, uuid, { [other]: VCPU(1), [dead]: VCPU(2) }, 1);
        return claim(faulty.sound, randomUUID(), { [dead]: VCPU(1) });
      };
      const calls = Array.from({ length: 3 }, () => empty(dead, `?limit=${1 + random.below(8)}`));
      const answers = await Promise.all([...calls, ...uuids.map(act)]);
      const named = answers
        .slice(0, 3)
        .filter(({ status }) => status === 200)
        .flatMap(({ body }) => body.released.map((each: typeof gone) => JSON.stringify(each)));
      const why = `seed ${random.seed}, round ${round}`;
      expect(
        answers.slice(0, 3).map(({ status }) => status),
        why,
      ).toEqual([200, 200, 200]);
      expect(new Set(named).size, why).toBe(named.length);
      await emptied(dead, 5);
      expect(await readUsages(faulty.sound, dead), why).toEqual(VCPU(0));
    }
  });

  test("an unknown provider is 404", async () => {
    const unknown = randomUuid();
    const message = `No resource provider with uuid ${unknown} found`;
    expectRefusal(await empty(unknown), { status: 404, message });
    expectRefusal(await empty("x"), { status: 404 });
    const [dead] = [await host()];
    for (const query of ["?limit=0", "?limit=-1", "?limit=x", "?limit=10000", "?limit="]) {
      expectRefusal(await empty(dead, query), { status: 400, message: /\['limit'\]/ });
    }
    expectRefusal(await empty(dead, "?marker=x"), { status: 400, message: /'marker' was unexp/ });
  });
});

describe("with changes of 100 items at most", () => {
  const api = useApi({ configuration: { maxChangeItems: 100 } });

  test("a call releases as many as fit", async () => {
    const dead = await makeProvider(api, VCPU(1_000));
    const uuids = await crowd(api, dead, 40);
    const path = `/resource_providers/${dead}/allocations`;
    for (const headers of [{}, { "idempotency-key": randomUUID() }]) {
      const { status, body } = await api.request("DELETE", path, { headers });
      expect(status).toBe(200);
      const expected = uuids.splice(0, 32);
      expect(body).toEqual({ released: expected.map(gone), more: uuids.length > 0 });
    }
  });
});
