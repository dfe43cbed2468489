/** Changing whose a consumer is, and its generation as a fencing token. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import {
  consumerConflict as conflict,
  consumerRequests,
  RECORD_OWNER as OWNER,
  unknownConsumer as unknown,
} from "../support/consumer-requests.ts";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { claim, makeProvider, readProvider } from "../support/world.ts";

const api = useApi();
let provider: string;

beforeAll(async () => {
  provider = await makeProvider(api, { VCPU: 1_000 });
});

const { create, show, remove, made } = consumerRequests(() => api);
const update = (uuid: string, generation: number, body: object = OWNER) =>
  api.request("PUT", `/consumers/${uuid}`, { body: { ...body, consumer_generation: generation } });
const raise = (uuid: string, generation: number) =>
  api.request("POST", `/consumers/${uuid}/generation`, {
    body: { consumer_generation: generation },
  });

describe("update", () => {
  test("sets project, user and type, and raises the generation by 1", async () => {
    const uuid = await made();
    const owner = { project_id: "p2", user_id: "u2", consumer_type: "VOLUME" };
    const answer = await update(uuid, 0, owner);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ uuid, ...owner, consumer_generation: 1 });
    expect((await show(uuid)).body).toEqual(answer.body);
    expect((await update(uuid, 1)).body).toMatchObject({ ...OWNER, consumer_type: "VOLUME" });
  });

  test("of one that holds something moves its usages, and leaves providers alone", async () => {
    const uuid = randomUUID();
    const [from, to] = [randomUUID(), randomUUID()];
    await claim(api, uuid, { [provider]: { VCPU: 3 } });
    await update(uuid, 1, { project_id: from, user_id: "u" });
    const { generation } = await readProvider(api, provider);
    expect((await update(uuid, 2, { project_id: to, user_id: "u" })).status).toBe(200);
    expect((await readProvider(api, provider)).generation).toBe(generation);
    const usages = async (project: string) =>
      (await api.request("GET", `/usages?project_id=${project}`)).body.usages;
    expect(await usages(from)).toEqual({});
    expect(await usages(to)).toEqual({ INSTANCE: { consumer_count: 1, VCPU: 3 } });
    const held = await api.request("GET", `/resource_providers/${provider}/allocations`);
    expect(held.body.allocations[uuid]).toEqual({ resources: { VCPU: 3 }, consumer_generation: 3 });
    expect((await claim(api, uuid, { [provider]: { VCPU: 1 } }, 3)).status).toBe(204);
  });

  test("needs the current generation, and names both", async () => {
    const uuid = await made();
    for (const given of [1, -1]) expectRefusal(await update(uuid, given), conflict(0, given));
    const nobody = randomUUID();
    expectRefusal(await update(nobody, 0), unknown(nobody));
    expectRefusal(await update(nobody, 0, { colour: "blue" }), unknown(nobody));
    expectRefusal(await update(uuid, 0, { project_id: "p" }), {
      status: 400,
      message: /'user_id' is a required property/,
    });
  });
});

describe("the generation as a fencing token", () => {
  test("is raised by exactly 1, and stops writers with an older one", async () => {
    const uuid = await made();
    await claim(api, uuid, { [provider]: { VCPU: 1 } }, 0);
    const answer = await raise(uuid, 1);
    expect([answer.status, answer.body.consumer_generation]).toEqual([200, 2]);
    expectRefusal(await raise(uuid, 1), conflict(2, 1));
    expectRefusal(await claim(api, uuid, { [provider]: { VCPU: 2 } }, 1), conflict(2, 1));
    expect((await claim(api, uuid, { [provider]: { VCPU: 2 } }, 2)).status).toBe(204);
    const nobody = randomUUID();
    expectRefusal(await raise(nobody, 0), unknown(nobody));
  });

  test("of ten that raise it at once one wins", async () => {
    const uuid = await made();
    const answers = await Promise.all(Array.from({ length: 10 }, () => raise(uuid, 0)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await show(uuid)).body.consumer_generation).toBe(1);
  });

  test("across incarnations it is the pair of life and generation", async () => {
    const uuid = await made();
    const first = (await raise(uuid, 0)).body;
    expect(first.life).toBe((await update(uuid, 1)).body.life);
    expect((await remove(uuid, 2)).status).toBe(204);
    const second = (await create({ uuid, ...OWNER })).body;
    expect(second.consumer_generation).toBe(0);
    expect(second.life).not.toBe(first.life);
    await remove(uuid, 0);
    await claim(api, uuid, { [provider]: { VCPU: 1 } });
    expect((await show(uuid)).body.life).not.toBe(second.life);
  });
});
