/** What others do to a subtree after it was read, and before it is deleted. */
import { randomUUID } from "node:crypto";
import { describe, expect, inject, test, vi } from "vitest";
import type { Uuid } from "../../lib/model/uuid.ts";
import { hotKey } from "../../lib/store/items/hot.ts";
import { type Key, keyText } from "../../lib/store/table/item.ts";
import { beforehand, isWrite } from "../support/between.ts";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useFaulty } from "../support/frame.ts";
import type { Interposer } from "../support/interpose.ts";
import { REPEATS } from "../support/repeats.ts";
import { randomUuid } from "../support/uuids.ts";
import { claim, makeProvider } from "../support/world.ts";

vi.setConfig({ testTimeout: 120_000 });

describe.each(REPEATS)("with %s", (repeats) => {
  const faulty = useFaulty({ verified: "after-each", repeats });

  const remove = (uuid: string) =>
    faulty.api.request("DELETE", `/resource_providers/${uuid}?subtree=true`);

  /** A branch of `count` leaves, beside another provider below their root. */
  async function family(count: number) {
    const root = await makeProvider(faulty.sound);
    const top = await makeProvider(faulty.sound, {}, { parent: root });
    const other = await makeProvider(faulty.sound, {}, { parent: root });
    const leaves: Uuid[] = [];
    for (let made = 0; made < count; made += 1) {
      leaves.push(await makeProvider(faulty.sound, { VCPU: 4 }, { parent: top }));
    }
    const last = leaves.at(-1) ?? top;
    return { root, top, other, leaves, last };
  }

  async function tree(root: string): Promise<string[]> {
    const { body } = await faulty.sound.request("GET", `/resource_providers?in_tree=${root}`);
    return body.resource_providers.map(({ uuid }: { uuid: string }) => uuid).sort();
  }

  const moved = async (uuid: string, parent: string) => {
    const body = { name: `moved-${uuid}`, parent_provider_uuid: parent };
    const { status } = await faulty.sound.request("PUT", `/resource_providers/${uuid}`, { body });
    expect(status).toBe(200);
  };

  const claimed = async (uuid: string) =>
    expect((await claim(faulty.sound, randomUUID(), { [uuid]: { VCPU: 1 } })).status).toBe(204);

  test.each([1, 40])("a claim on one of %d leaves is kept, and so are all", async (count) => {
    const { root, top, other, leaves, last } = await family(count);
    faulty.interpose(beforehand(isWrite, () => claimed(last)));
    const code = "placement.resource_provider.inuse";
    expectRefusal(await remove(top), { status: 409, code, message: new RegExp(last) });
    expect(await tree(root)).toEqual([root, top, other, ...leaves].sort());
  });

  test.each([1, 40])("a child that is born beside %d leaves goes along", async (count) => {
    const { root, top, other, last } = await family(count);
    const born = randomUuid();
    faulty.interpose(
      beforehand(isWrite, () => makeProvider(faulty.sound, {}, { uuid: born, parent: last })),
    );
    expect((await remove(top)).status).toBe(204);
    expect(await tree(root)).toEqual([root, other].sort());
    expect((await faulty.sound.request("GET", `/resource_providers/${born}`)).status).toBe(404);
  });

  test.each([1, 40])("one of %d leaves that leaves the subtree stays", async (count) => {
    const { root, top, other, last } = await family(count);
    faulty.interpose(beforehand(isWrite, () => moved(last, other)));
    expect((await remove(top)).status).toBe(204);
    expect(await tree(root)).toEqual([root, other, last].sort());
  });

  // What happens meanwhile happens within a call: DynamoDB Local may need longer than a call may take.
  test.runIf(inject("engine") === "dynoxide")(
    "what has left the subtree, and is in use since, does not keep it",
    async () => {
      const { root, top, other, last } = await family(40);
      faulty.interpose(
        readingLater(last, async () => {
          await moved(last, other);
          await claimed(last);
        }),
      );
      expect((await remove(top)).status).toBe(204);
      expect(await tree(root)).toEqual([root, other, last].sort());
    },
  );
});

/** Keys of one batch at most: only a change beyond one transaction reads so many at once. */
const BATCH = 100;

/** Such a batch leaves the state of a provider unprocessed, once; then others act, and it is read. */
function readingLater(provider: Uuid, act: () => Promise<unknown>): Interposer {
  const wanted = keyText(hotKey(provider));
  let left = false;
  let done = false;
  return async (call) => {
    if (call.command !== "BatchGet") return call.send();
    if (left && !done) {
      done = true;
      await act();
    }
    const answer = (await call.send()) as Batch;
    const [[table, items] = ["", []]] = Object.entries(answer.Responses);
    if (done || call.keys.length < BATCH || !items.some((item) => keyText(item) === wanted))
      return answer;
    left = true;
    return {
      Responses: { [table]: items.filter((item) => keyText(item) !== wanted) },
      UnprocessedKeys: { [table]: { Keys: [hotKey(provider)], ConsistentRead: true } },
    };
  };
}

interface Batch {
  readonly Responses: Readonly<Record<string, readonly Key[]>>;
}
