/** A list by a name that the same process has looked up before: of whose it was, it believes nothing. */
import { randomUUID } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { useFaulty } from "../support/frame.ts";
import { makeProvider } from "../support/world.ts";

const faulty = useFaulty();
let name: string;
let provider: string;

beforeEach(async () => {
  name = `host-${randomUUID()}`;
  provider = await makeProvider(faulty.sound, {}, { name });
});

/** Whom the process finds, and by which calls. */
async function found(query = "") {
  const calls: string[] = [];
  faulty.interpose((call) => {
    if (call.keys.length > 0) calls.push(`${call.command} ${call.keys.length}`);
    return call.send();
  });
  const path = `/resource_providers?name=${name}${query}`;
  const { status, body } = await faulty.api.request("GET", path);
  faulty.interpose(undefined);
  expect(status).toBe(200);
  const uuids = (body.resource_providers as { uuid: string }[]).map(({ uuid }) => uuid);
  return { uuids, calls };
}

async function rename(uuid: string, to: string): Promise<void> {
  const path = `/resource_providers/${uuid}`;
  expect((await faulty.sound.request("PUT", path, { body: { name: to } })).status).toBe(200);
}

test("it is read along with the provider", async () => {
  const first = await found();
  const again = await found();
  expect([first.uuids, again.uuids]).toEqual([[provider], [provider]]);
  expect(first.calls.filter((call) => call.startsWith("BatchGet"))).toHaveLength(2);
  expect(again.calls).toContain("BatchGet 3");
  expect(again.calls.filter((call) => call.startsWith("BatchGet"))).toHaveLength(1);
});

test("another provider that has it now is found", async () => {
  await found();
  await rename(provider, `${name}-before`);
  const other = await makeProvider(faulty.sound, {}, { name });
  expect((await found()).uuids).toEqual([other]);
  expect((await found()).uuids).toEqual([other]);
});

test("a name that nobody has any more finds nobody, whoever had it", async () => {
  await found();
  await rename(provider, `${name}-before`);
  expect((await found()).uuids).toEqual([]);
  await rename(provider, name);
  expect((await found()).uuids).toEqual([provider]);
  const { status } = await faulty.sound.request("DELETE", `/resource_providers/${provider}`);
  expect(status).toBe(204);
  expect((await found()).uuids).toEqual([]);
});

test("other filters hold as well", async () => {
  await found();
  expect((await found(`&member_of=${randomUUID()}`)).uuids).toEqual([]);
  expect((await found(`&in_tree=${provider}`)).uuids).toEqual([provider]);
});
