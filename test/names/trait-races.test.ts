/** Custom traits whose use begins while they are deleted. */
import { expect, test } from "vitest";
import { isQuery, isWrite } from "../support/between.ts";
import { useBetween } from "../support/frame.ts";
import { detailOf, makeProvider, type Requester } from "../support/world.ts";

const between = useBetween({ verified: "after-each" });
let number = 0;

async function makeTrait(): Promise<string> {
  number += 1;
  const name = `CUSTOM_TRAIT_${number}`;
  expect((await between.quick.request("PUT", `/traits/${name}`)).status).toBe(201);
  return name;
}

const deleteTrait = ({ request }: Requester, name: string) => request("DELETE", `/traits/${name}`);

function putTraits({ request }: Requester, provider: string, traits: readonly string[]) {
  const body = { resource_provider_generation: 0, traits };
  return request("PUT", `/resource_providers/${provider}/traits`, { body });
}

test("a trait that is deleted right before its first use is not used", async () => {
  const { slow, quick, before } = between;
  for (const moment of [isWrite, isQuery]) {
    const provider = await makeProvider(quick);
    const name = await makeTrait();
    const times = before(moment, () => deleteTrait(quick, name));
    const answer = await putTraits(slow, provider, ["HW_CPU_X86_VMX", name]);
    expect(times()).toBe(1);
    expect(answer.status).toBe(400);
    expect(detailOf(answer)).toContain(`No such trait ${name}`);
    const { body } = await quick.request("GET", `/resource_providers/${provider}/traits`);
    expect(body).toEqual({ traits: [], resource_provider_generation: 0 });
  }
});

test("a trait that is made again under its name is used as the new one", async () => {
  const { slow, quick, before } = between;
  const provider = await makeProvider(quick);
  const name = await makeTrait();
  before(isWrite, async () => {
    await deleteTrait(quick, name);
    await quick.request("PUT", `/traits/${name}`);
  });
  const answer = await putTraits(slow, provider, [name]);
  expect(answer.status).toBe(200);
  expect(answer.body.traits).toEqual([name]);
});

test("a trait whose use begins right before its deletion stays", async () => {
  const { slow, quick, before } = between;
  const provider = await makeProvider(quick);
  const name = await makeTrait();
  before(isWrite, () => putTraits(quick, provider, [name]));
  const answer = await deleteTrait(slow, name);
  expect(answer.status).toBe(409);
  expect(detailOf(answer)).toContain(`The trait ${name} is in use by a resource provider.`);
});

test("use and deletion of a trait race, and one of them loses, 30 times", async () => {
  const { slow, quick } = between;
  for (let round = 1; round <= 30; round += 1) {
    const name = await makeTrait();
    const providers = await Promise.all([makeProvider(quick), makeProvider(quick)]);
    const uses = providers.map((provider, index) =>
      putTraits(index === 0 ? slow : quick, provider, [name]),
    );
    const [deleted, ...used] = await Promise.all([deleteTrait(quick, name), ...uses]);
    const winners = used.filter(({ status }) => status === 200).length;
    expect([deleted?.status, winners]).toEqual(winners === 0 ? [204, 0] : [409, winners]);
    for (const { status } of used) expect([200, 400]).toContain(status);
  }
});
