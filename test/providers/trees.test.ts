/** Nested providers: parents, roots, and what may move where. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { makeProvider } from "../support/world.ts";

const api = useApi();

const setParent = (uuid: string, parent: string | null, version = "1.39") => {
  const body = { name: `provider-${uuid}`, parent_provider_uuid: parent };
  return api.request("PUT", `/resource_providers/${uuid}`, { body, version });
};

/** Parent and root of each. */
async function places(...uuids: readonly string[]) {
  const shown = await Promise.all(
    uuids.map((uuid) => api.request("GET", `/resource_providers/${uuid}`)),
  );
  return shown.map(({ body }) => [body.parent_provider_uuid, body.root_provider_uuid]);
}

async function chain(length: number): Promise<string[]> {
  const uuids = [await makeProvider(api)];
  while (uuids.length < length) {
    uuids.push(await makeProvider(api, {}, { parent: uuids.at(-1) as string }));
  }
  return uuids;
}

const unable = (uuid: string, why: string) =>
  `Unable to save resource provider ${uuid}: Object action ${why}`;
const LOOP = "update failed because: creating loop in the provider tree is not allowed.";
const NO_PARENT = "create failed because: parent provider UUID does not exist.";

describe("create", () => {
  test("a child has its parent and the root of the tree", async () => {
    const [a, b, c] = (await chain(3)) as [string, string, string];
    expect(await places(a, b, c)).toEqual([
      [null, a],
      [a, a],
      [b, a],
    ]);
  });

  test("an unknown parent is 400", async () => {
    const uuid = randomUUID();
    const body = { name: `n-${uuid}`, uuid, parent_provider_uuid: randomUUID() };
    expectRefusal(await api.request("POST", "/resource_providers", { body }), {
      status: 400,
      message: `Unable to create resource provider "n-${uuid}", ${uuid}: Object action ${NO_PARENT}`,
    });
  });

  test("a provider is not its own parent", async () => {
    const uuid = randomUUID();
    const body = { name: `n-${uuid}`, uuid, parent_provider_uuid: uuid };
    expectRefusal(await api.request("POST", "/resource_providers", { body }), {
      status: 400,
      message: /parent provider UUID cannot be same as UUID/,
    });
  });

  test("a parent of null is none, and a parent in another form of its uuid is that one", async () => {
    const parent = await makeProvider(api);
    const make = async (given: string | null) => {
      const body = { name: randomUUID(), parent_provider_uuid: given };
      return (await api.request("POST", "/resource_providers", { body })).body;
    };
    const root = await make(null);
    expect(await places(root.uuid)).toEqual([[null, root.uuid]]);
    const child = await make(parent.toUpperCase());
    expect(await places(child.uuid)).toEqual([[parent, parent]]);
  });
});

describe("update", () => {
  test("a first parent can be set from 1.14, and takes the whole tree along", async () => {
    const target = await makeProvider(api);
    const [top, below] = (await chain(2)) as [string, string];
    expectRefusal(await setParent(top, target, "1.13"), { status: 400, code: null });
    const answer = await setParent(top, target, "1.14");
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ parent_provider_uuid: target, root_provider_uuid: target });
    expect(await places(top, below)).toEqual([
      [target, target],
      [top, target],
    ]);
  });

  test("a parent that is left out stays", async () => {
    const [a, b] = (await chain(2)) as [string, string];
    const body = { name: `moved-${b}` };
    expect((await api.request("PUT", `/resource_providers/${b}`, { body })).status).toBe(200);
    expect(await places(b)).toEqual([[a, a]]);
  });

  test("below 1.37 a parent is neither changed nor taken away", async () => {
    const [a, b] = (await chain(2)) as [string, string];
    const other = await makeProvider(api);
    const not = (what: string) =>
      unable(b, `update failed because: ${what} a provider is not currently allowed.`);
    expectRefusal(await setParent(b, other, "1.36"), { status: 400, message: not("re-parenting") });
    expectRefusal(await setParent(b, null, "1.36"), { status: 400, message: not("un-parenting") });
    expect((await setParent(b, a, "1.36")).status).toBe(200);
    expect(await places(b)).toEqual([[a, a]]);
  });

  test("from 1.37 a provider moves within its tree, to another one, and out", async () => {
    const [a, b, c, d] = (await chain(4)) as [string, string, string, string];
    const other = await makeProvider(api);
    expect((await setParent(c, a, "1.37")).status).toBe(200);
    expect(await places(c, d)).toEqual([
      [a, a],
      [c, a],
    ]);
    expect((await setParent(c, other, "1.37")).status).toBe(200);
    expect(await places(c, d, b)).toEqual([
      [other, other],
      [c, other],
      [a, a],
    ]);
    expect((await setParent(c, null, "1.37")).status).toBe(200);
    expect(await places(c, d)).toEqual([
      [null, c],
      [c, c],
    ]);
    expect((await setParent(a, c, "1.37")).status).toBe(200);
    expect(await places(a, b)).toEqual([
      [c, c],
      [a, c],
    ]);
  });

  test("no generation rises", async () => {
    const [a, b] = (await chain(2)) as [string, string];
    await setParent(b, null);
    const { body } = await api.request("GET", `/resource_providers/${b}`);
    expect(body.generation).toBe(0);
    const parent = await api.request("GET", `/resource_providers/${a}`);
    expect(parent.body.generation).toBe(0);
  });

  test("a loop is refused, also of one", async () => {
    const [a, b, c] = (await chain(3)) as [string, string, string];
    for (const [uuid, parent] of [
      [a, c],
      [a, b],
      [b, c],
      [a, a],
      [c, c],
    ] as const) {
      expectRefusal(await setParent(uuid, parent), { status: 400, message: unable(uuid, LOOP) });
    }
    expectRefusal(await setParent(a, c, "1.14"), {
      status: 400,
      code: null,
      message: unable(a, LOOP),
    });
  });

  test("an unknown parent is 400", async () => {
    const uuid = await makeProvider(api);
    const answer = await setParent(uuid, randomUUID());
    expectRefusal(answer, { status: 400, message: unable(uuid, NO_PARENT) });
  });

  test("a name that is taken stops the move too", async () => {
    const [uuid, parent] = [await makeProvider(api), await makeProvider(api)];
    const body = { name: `provider-${parent}`, parent_provider_uuid: parent };
    const answer = await api.request("PUT", `/resource_providers/${uuid}`, { body });
    expectRefusal(answer, { status: 409, code: "placement.duplicate_name" });
    expect(await places(uuid)).toEqual([[null, uuid]]);
  });
});

test("a whole tree is deleted from its leaves", async () => {
  const uuids = await chain(3);
  for (const uuid of uuids.toReversed()) {
    expect((await api.request("DELETE", `/resource_providers/${uuid}`)).status).toBe(204);
  }
  expect((await api.items()).filter(({ pk }) => pk === `TREE#${uuids[0]}`)).toEqual([]);
});
