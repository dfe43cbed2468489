/** Consumers as a resource of their own: our extension, at any microversion. */
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
import { claim, claimBody, makeProvider, readClaim, release } from "../support/world.ts";

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const api = useApi();
let provider: string;

beforeAll(async () => {
  provider = await makeProvider(api, { VCPU: 1_000 });
});

const { create, show, remove, made } = consumerRequests(() => api);

describe("create", () => {
  test("is 201 with Location and a consumer of generation 0, at any version", async () => {
    for (const version of ["1.0", "1.39"]) {
      const uuid = randomUUID();
      const answer = await create({ uuid, ...OWNER, consumer_type: "INSTANCE" }, version);
      expect(answer.status).toBe(201);
      expect(answer.headers["location"]).toBe(`${api.url}/consumers/${uuid}`);
      expect(answer.body).toEqual({
        uuid,
        ...OWNER,
        consumer_generation: 0,
        consumer_type: "INSTANCE",
        life: expect.any(String),
        created_at: TIME,
        updated_at: TIME,
        links: [
          { rel: "self", href: `/consumers/${uuid}` },
          { rel: "allocations", href: `/allocations/${uuid}` },
        ],
      });
      expect((await show(uuid)).body).toEqual(answer.body);
    }
  });

  test("makes a uuid if there is none, and puts its form right", async () => {
    const { body } = await create(OWNER);
    expect(body).toMatchObject({
      consumer_type: "unknown",
      uuid: expect.stringMatching(/^.{36}$/),
    });
    const uuid = randomUUID();
    expect((await create({ ...OWNER, uuid: uuid.toUpperCase() })).body.uuid).toBe(uuid);
  });

  test("is 409 if the consumer exists, however it was created", async () => {
    const uuid = await made();
    const message = `Consumer ${uuid} already exists.`;
    expectRefusal(await create({ uuid, ...OWNER }), { status: 409, message });
    const other = randomUUID();
    await claim(api, other, { [provider]: { VCPU: 1 } });
    expectRefusal(await create({ uuid: other, ...OWNER }), { status: 409 });
  });
});

describe("a made consumer", () => {
  test("is no new one for a claim, and its first claim has generation 1", async () => {
    const uuid = await made({ consumer_type: "TEST" });
    expectRefusal(await claim(api, uuid, { [provider]: { VCPU: 1 } }, null), {
      ...conflict(0, 0),
      message: "consumer generation conflict - expected 0 but got None",
    });
    expect((await claim(api, uuid, { [provider]: { VCPU: 1 } }, 0)).status).toBe(204);
    expect(await readClaim(api, uuid)).toEqual({
      held: { [provider]: { VCPU: 1 } },
      generation: 1,
    });
    expect((await claim(api, uuid, {}, 1)).status).toBe(204);
    expectRefusal(await show(uuid), unknown(uuid));
  });

  test("shows beside empty allocations, and counts in no usages", async () => {
    const project = randomUUID();
    const uuid = await made({ project_id: project });
    expect((await api.request("GET", `/allocations/${uuid}`)).body).toEqual({
      allocations: {},
      project_id: project,
      user_id: OWNER.user_id,
      consumer_generation: 0,
      consumer_type: "unknown",
    });
    const usages = await api.request("GET", `/usages?project_id=${project}`);
    expect(usages.body).toEqual({ usages: {} });
  });

  test("holds nothing to delete, and stays", async () => {
    const uuid = await made();
    expectRefusal(await release(api, uuid), {
      status: 404,
      message: `No allocations for consumer '${uuid}'`,
    });
    expect((await show(uuid)).status).toBe(200);
  });

  test("is deleted by empty allocations of the right generation", async () => {
    const uuid = await made();
    expect((await claim(api, uuid, {}, null)).status).toBe(409);
    expect((await claim(api, uuid, {}, 0)).status).toBe(204);
    expectRefusal(await show(uuid), unknown(uuid));
  });

  test("takes part in POST /allocations, and is claimed for below 1.28", async () => {
    const [uuid, old] = [await made(), await made()];
    const body = { [uuid]: claimBody({ [provider]: { VCPU: 1 } }, 0) };
    expect((await api.request("POST", "/allocations", { body })).status).toBe(204);
    const allocations = { [provider]: { resources: { VCPU: 1 } } };
    const put = await api.request("PUT", `/allocations/${old}`, {
      body: { allocations, ...OWNER },
      version: "1.12",
    });
    expect(put.status).toBe(204);
    expect((await show(old)).body.consumer_generation).toBe(1);
  });
});

describe("delete", () => {
  test("needs the generation, and no allocations", async () => {
    const uuid = await made();
    expectRefusal(await remove(uuid, 1), conflict(0, 1));
    await claim(api, uuid, { [provider]: { VCPU: 1 } }, 0);
    expectRefusal(await remove(uuid, 1), {
      status: 409,
      message: `Unable to delete consumer ${uuid}: it holds allocations.`,
    });
    const idle = await made();
    const answer = await remove(idle, 0);
    expect([answer.status, answer.body]).toEqual([204, ""]);
    expectRefusal(await remove(idle, 0), unknown(idle));
    expect((await claim(api, idle, { [provider]: { VCPU: 1 } }, null)).status).toBe(204);
  });

  test("refuses a generation that is missing or no number", async () => {
    const uuid = await made();
    for (const given of ["", "x", "-1", "1e3", "9".repeat(16)]) {
      const message = /schema\['properties'\]\['generation'\]/;
      expectRefusal(await remove(uuid, given), { status: 400, message });
    }
    const bare = await api.request("DELETE", `/consumers/${uuid}`);
    expectRefusal(bare, { status: 400, message: /'generation' is a required property/ });
  });
});
