/** What others do to a host's consumers after they were listed, and before they are released. */
import { randomUUID } from "node:crypto";
import { describe, expect, test, vi } from "vitest";
import type { Uuid } from "../../lib/model/uuid.ts";
import { beforehand, isWrite } from "../support/between.ts";
import { useFaulty } from "../support/frame.ts";
import type { Call } from "../support/interpose.ts";
import { REPEATS } from "../support/repeats.ts";
import { claim, makeProvider, readClaim, readUsages, release } from "../support/world.ts";

vi.setConfig({ testTimeout: 120_000 });

const VCPU = (amount: number) => ({ VCPU: amount });
const isBatch = ({ command }: Call) => command === "BatchGet";

describe.each(REPEATS)("with %s", (repeats) => {
  const faulty = useFaulty({ verified: "after-each", repeats });

  const host = () => makeProvider(faulty.sound, VCPU(1_000));

  /** Consumers with one VCPU each, in the order of their uuids. */
  async function crowd(uuid: Uuid, count: number): Promise<string[]> {
    const uuids = Array.from({ length: count }, () => randomUUID()).sort();
    for (const each of uuids) {
      expect((await claim(faulty.sound, each, { [uuid]: VCPU(1) })).status).toBe(204);
    }
    return uuids;
  }

  /** Whom a call released, and whether others are left. */
  async function emptied(uuid: string, limit: number, headers = {}): Promise<[string[], boolean]> {
    const path = `/resource_providers/${uuid}/allocations?limit=${limit}`;
    const { status, body } = await faulty.api.request("DELETE", path, { headers });
    expect(status).toBe(200);
    const uuids = body.released.map((each: { consumer_uuid: string }) => each.consumer_uuid);
    return [uuids, body.more];
  }

  test("the next ones take the places of those who have gone, up to the limit", async () => {
    const dead = await host();
    const [a = "", b = "", c = "", d = ""] = await crowd(dead, 4);
    faulty.interpose(beforehand(isBatch, () => release(faulty.sound, a)));
    expect(await emptied(dead, 2)).toEqual([[b, c], true]);
    expect((await readClaim(faulty.sound, d))?.held).toEqual({ [dead]: VCPU(1) });
  });

  test("who has moved away keeps what it holds, and is not named", async () => {
    const [dead, other] = [await host(), await host()];
    const [a = "", b = ""] = await crowd(dead, 2);
    const held = { [other]: VCPU(2) };
    faulty.interpose(beforehand(isBatch, () => claim(faulty.sound, a, held, 1)));
    expect(await emptied(dead, 10)).toEqual([[b], false]);
    expect(await readClaim(faulty.sound, a)).toEqual({ held, generation: 2 });
  });

  test.each([1, 36])("of %d, who moves away at the last moment keeps it, too", async (count) => {
    const [dead, other] = [await host(), await host()];
    const [a = "", ...others] = await crowd(dead, count);
    const held = { [other]: VCPU(2) };
    faulty.interpose(beforehand(isWrite, () => claim(faulty.sound, a, held, 1)));
    expect(await emptied(dead, 100)).toEqual([others, false]);
    expect(await readClaim(faulty.sound, a)).toEqual({ held, generation: 2 });
    expect(await readUsages(faulty.sound, dead)).toEqual(VCPU(0));
  });

  test.each([2, 36])(
    "under a key, of %d, who claims again is not released again",
    async (count) => {
      const dead = await host();
      const uuids = await crowd(dead, count);
      const key = { "idempotency-key": randomUUID() };
      expect(await emptied(dead, 100, key)).toEqual([uuids, false]);
      const [again = ""] = uuids;
      expect((await claim(faulty.sound, again, { [dead]: VCPU(3) })).status).toBe(204);
      expect(await emptied(dead, 100, key)).toEqual([uuids, false]);
      expect(await readClaim(faulty.sound, again)).toEqual({
        held: { [dead]: VCPU(3) },
        generation: 1,
      });
    },
  );
});
