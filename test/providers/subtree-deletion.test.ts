/** A provider is deleted together with all below it, or nothing is. */
import { randomUUID } from "node:crypto";
import { describe, expect, test, vi } from "vitest";
import type { Uuid } from "../../lib/model/uuid.ts";
import { isWrite } from "../support/between.ts";
import { chance } from "../support/chance.ts";
import { expectRefusal } from "../support/expect-refusal.ts";
import { LOST } from "../support/faults.ts";
import { failBefore, loseAnswers } from "../support/faulty.ts";
import { useFaulty } from "../support/frame.ts";
import { REPEATS } from "../support/repeats.ts";
import { randomUuid } from "../support/uuids.ts";
import { claim, makeProvider, release } from "../support/world.ts";

vi.setConfig({ testTimeout: 120_000 });

const random = chance("a subtree is deleted");
const IN_USE = { status: 409, code: "placement.resource_provider.inuse" };

describe.each(REPEATS)("with %s", (repeats) => {
  const faulty = useFaulty({ verified: "after-each", repeats });

  const remove = (uuid: string, query = "?subtree=true") =>
    faulty.api.request("DELETE", `/resource_providers/${uuid}${query}`);

  /** Those of the tree that are there, sorted. */
  async function tree(root: string): Promise<string[]> {
    const path = `/resource_providers?in_tree=${root}`;
    const { body } = await faulty.sound.request("GET", path);
    return body.resource_providers.map(({ uuid }: { uuid: string }) => uuid).sort();
  }

  /** A root, two children of it, and `count` grandchildren below the first of them. */
  async function family(count: number): Promise<Uuid[]> {
    const root = await makeProvider(faulty.sound, { VCPU: 4 });
    const below = (parent: Uuid) => makeProvider(faulty.sound, { VCPU: 4 }, { parent });
    const [first, second] = [await below(root), await below(root)];
    const others: Uuid[] = [];
    for (let made = 0; made < count; made += 1) others.push(await below(first));
    return [root, first, second, ...others];
  }

  test("a small tree goes as a whole, and its names are free again", async () => {
    const [root = "", ...others] = await family(3);
    expect(await remove(root)).toMatchObject({ status: 204, body: "" });
    for (const uuid of [root, ...others]) {
      expect((await faulty.api.request("GET", `/resource_providers/${uuid}`)).status).toBe(404);
      await makeProvider(faulty.api, {}, { uuid });
    }
  });

  test.each([2, 40])(
    "a branch of %d leaves goes, and the rest of its tree stays",
    async (count) => {
      const [root = "", first = "", second = ""] = await family(count);
      expect((await remove(first)).status).toBe(204);
      expect(await tree(root)).toEqual([root, second].sort());
      await makeProvider(faulty.api, {}, { parent: second });
      expect((await remove(root)).status).toBe(204);
      expect(await tree(root)).toEqual([]);
    },
  );

  test("a provider without children goes alone", async () => {
    const [root = "", first = "", second = ""] = await family(0);
    expect((await remove(second)).status).toBe(204);
    expect(await tree(root)).toEqual([root, first].sort());
  });

  test.each([2, 40])("nothing goes if one of it is in use, among %d leaves", async (count) => {
    const members = await family(count);
    const [root = "", first = ""] = members;
    const consumer = randomUUID();
    await claim(faulty.sound, consumer, { [members.at(-1) ?? ""]: { VCPU: 1 } });
    const message = new RegExp(`${members.at(-1)}: Resource provider has allocations`);
    expectRefusal(await remove(root), { ...IN_USE, message });
    expectRefusal(await remove(first), { ...IN_USE, message });
    expect(await tree(root)).toEqual(members.toSorted());
    await release(faulty.sound, consumer);
    expect((await remove(root)).status).toBe(204);
  });

  test("custom classes and traits of all of it are free afterwards", async () => {
    const name = `CUSTOM_${randomUUID().replaceAll("-", "_").toUpperCase()}`;
    for (const kind of ["resource_classes", "traits"]) {
      await faulty.sound.request("PUT", `/${kind}/${name}`);
    }
    const root = await makeProvider(faulty.sound, { [name]: 1 });
    const child = await makeProvider(faulty.sound, { [name]: 1 }, { parent: root });
    for (const uuid of [root, child]) {
      const body = { resource_provider_generation: 1, traits: [name] };
      await faulty.sound.request("PUT", `/resource_providers/${uuid}/traits`, { body });
    }
    expect((await remove(root)).status).toBe(204);
    for (const kind of ["resource_classes", "traits"]) {
      expect((await faulty.sound.request("DELETE", `/${kind}/${name}`)).status).toBe(204);
    }
  });

  test("only `true` takes what is below", async () => {
    const [root = ""] = await family(0);
    const hasChildren = { status: 409, code: "placement.resource_provider.cannot_delete_parent" };
    for (const query of ["", "?subtree=false", "?colour=blue", "?subtree=true&subtree=false"]) {
      expectRefusal(await remove(root, query), hasChildren);
    }
    for (const query of ["?subtree=", "?subtree=TRUE", "?subtree=1"]) {
      expectRefusal(await remove(root, query), { status: 400, message: /\['subtree'\]/ });
    }
    const unknown = randomUuid();
    const message = `No resource provider with uuid ${unknown} found for delete`;
    expectRefusal(await remove(unknown), { status: 404, message });
    expectRefusal(await remove("x"), { status: 404 });
  });

  test.each([random.pick(LOST)])("%s of a write does no harm", async (_, error) => {
    for (const count of [1, 34]) {
      for (const disturb of [loseAnswers, failBefore]) {
        const [root = ""] = await family(count);
        faulty.interpose(disturb(2, isWrite, error));
        expect((await remove(root)).status).toBe(204);
        faulty.interpose(undefined);
        expect(await tree(root)).toEqual([]);
      }
    }
  });

  test("is done once under its key", async () => {
    const [root = ""] = await family(1);
    const headers = { "idempotency-key": randomUUID() };
    const path = `/resource_providers/${root}?subtree=true`;
    const answers = [];
    for (let count = 0; count < 2; count += 1) {
      answers.push((await faulty.api.request("DELETE", path, { headers })).status);
    }
    expect(answers).toEqual([204, 204]);
    expect((await remove(root)).status).toBe(404);
  });

  test("beside claims, births and moves all of it goes, or nothing", async () => {
    for (let round = 0; round < 5; round += 1) {
      const members = await family(random.below(2) === 0 ? 3 : 34);
      const [root = "", first = ""] = members;
      const elsewhere = await makeProvider(faulty.sound);
      const born = randomUuid();
      const [removed, claimed, birth, moved] = await Promise.all([
        remove(first),
        claim(faulty.sound, randomUUID(), { [members.at(-1) ?? ""]: { VCPU: 1 } }),
        faulty.sound.request("POST", "/resource_providers", {
          body: { name: born, uuid: born, parent_provider_uuid: first },
        }),
        faulty.sound.request("PUT", `/resource_providers/${members[3]}`, {
          body: { name: `provider-${members[3]}`, parent_provider_uuid: elsewhere },
        }),
      ]);
      const why = `seed ${random.seed}, round ${round}`;
      const left = [...(await tree(root)), ...(await tree(elsewhere))];
      if (removed.status === 204) {
        const stays = [root, members[2], elsewhere, ...(moved.status === 200 ? [members[3]] : [])];
        expect(left.sort(), why).toEqual(stays.toSorted());
      } else {
        expect([removed.status, claimed.status], why).toEqual([409, 204]);
        const made = birth.status === 200 ? [born] : [];
        expect(left.sort(), why).toEqual([...members, ...made, elsewhere].sort());
      }
    }
  });
});
