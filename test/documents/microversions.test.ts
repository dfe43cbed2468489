/** What each microversion changed: the version before it and the version itself. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import type { RequestOptions } from "../support/api.ts";
import { useApi } from "../support/frame.ts";
import { detailOf, makeProvider } from "../support/world.ts";

const api = useApi();
let provider = "";
let path = "";

beforeAll(async () => {
  provider = await makeProvider(api, { VCPU: 100 });
  path = `/resource_providers/${provider}`;
});

function send(method: string, to: string, version: string, body?: unknown, more?: RequestOptions) {
  return api.request(method, to, { version, ...(body === undefined ? {} : { body }), ...more });
}

const get = (to: string, version: string) => send("GET", to, version);

/** Statuses of one request in two versions. */
async function inBoth(method: string, to: string, versions: [string, string], body?: unknown) {
  const statuses: number[] = [];
  for (const version of versions) statuses.push((await send(method, to, version, body)).status);
  return statuses;
}

async function relations(version: string) {
  const { body } = await get(path, version);
  return body.links.map(({ rel }: { rel: string }) => rel) as string[];
}

const OWNER = { project_id: "p", user_id: "u" };
const held = () => ({ [provider]: { resources: { VCPU: 1 } } });
const listed = () => [{ resource_provider: { uuid: provider }, resources: { VCPU: 1 } }];

async function claimed(consumer = randomUUID(), type = "INSTANCE") {
  const body = { allocations: held(), ...OWNER, consumer_generation: null, consumer_type: type };
  expect((await send("PUT", `/allocations/${consumer}`, "1.38", body)).status).toBe(204);
  return consumer;
}

describe("microversions", () => {
  it("1.0: providers, inventories, allocations and usages", async () => {
    expect((await get("/resource_providers", "1.0")).status).toBe(200);
    expect((await get(`${path}/inventories`, "1.0")).body.inventories.VCPU.total).toBe(100);
    const consumer = `/allocations/${randomUUID()}`;
    const body = { allocations: listed() };
    expect((await send("PUT", consumer, "1.0", body)).status).toBe(204);
    expect((await get(`${path}/usages`, "1.0")).body.usages.VCPU).toBe(1);
    expect((await send("DELETE", consumer, "1.0")).status).toBe(204);
    expect(await relations("1.0")).toEqual(["self", "inventories", "usages"]);
  });

  it("1.1: aggregates of a provider, and their link", async () => {
    const aggregates = [randomUUID()];
    const to = `${path}/aggregates`;
    expect(await inBoth("PUT", to, ["1.0", "1.1"], aggregates)).toEqual([404, 200]);
    expect(await inBoth("GET", to, ["1.0", "1.1"])).toEqual([404, 200]);
    expect((await get(to, "1.1")).body).toEqual({ aggregates });
    expect(await relations("1.1")).toContain("aggregates");
  });

  it("1.2: resource classes, made by POST and renamed by PUT", async () => {
    const body = { name: "CUSTOM_V2" };
    expect(await inBoth("GET", "/resource_classes", ["1.1", "1.2"])).toEqual([404, 200]);
    expect(await inBoth("POST", "/resource_classes", ["1.1", "1.2"], body)).toEqual([404, 201]);
    const renamed = await send("PUT", "/resource_classes/CUSTOM_V2", "1.2", { name: "CUSTOM_W2" });
    expect(renamed.status).toBe(200);
    expect(renamed.body.name).toBe("CUSTOM_W2");
    expect(await inBoth("GET", "/resource_classes/CUSTOM_W2", ["1.1", "1.2"])).toEqual([404, 200]);
    expect(await inBoth("DELETE", "/resource_classes/CUSTOM_W2", ["1.1", "1.2"])).toEqual([
      404, 204,
    ]);
  });

  it("1.3: member_of of the list of providers", async () => {
    const to = `/resource_providers?member_of=${randomUUID()}`;
    expect(await inBoth("GET", to, ["1.2", "1.3"])).toEqual([400, 200]);
    expect((await get(to, "1.3")).body.resource_providers).toEqual([]);
  });

  it("1.4: resources of the list of providers", async () => {
    const to = "/resource_providers?resources=VCPU:1";
    expect(await inBoth("GET", to, ["1.3", "1.4"])).toEqual([400, 200]);
    expect((await get(to, "1.4")).body.resource_providers).toHaveLength(1);
  });

  it("1.5: deletion of all inventories", async () => {
    const to = `/resource_providers/${await makeProvider(api, { VCPU: 1 })}/inventories`;
    const before = await send("DELETE", to, "1.4");
    expect(before.status).toBe(405);
    expect(before.headers["allow"]).toBeUndefined();
    expect((await send("DELETE", to, "1.5")).status).toBe(204);
  });

  it("1.6: traits, those of a provider, and their link", async () => {
    expect(await inBoth("PUT", "/traits/CUSTOM_T6", ["1.5", "1.6"])).toEqual([404, 201]);
    expect(await inBoth("GET", "/traits", ["1.5", "1.6"])).toEqual([404, 200]);
    expect(await inBoth("GET", "/traits/CUSTOM_T6", ["1.5", "1.6"])).toEqual([404, 204]);
    expect(await inBoth("GET", `${path}/traits`, ["1.5", "1.6"])).toEqual([404, 200]);
    const generation = (await get(path, "1.6")).body.generation;
    const body = { traits: ["CUSTOM_T6"], resource_provider_generation: generation };
    expect(await inBoth("PUT", `${path}/traits`, ["1.5", "1.6"], body)).toEqual([404, 200]);
    expect(await inBoth("DELETE", `${path}/traits`, ["1.5", "1.6"])).toEqual([404, 204]);
    expect(await inBoth("DELETE", "/traits/CUSTOM_T6", ["1.5", "1.6"])).toEqual([404, 204]);
    expect(await relations("1.5")).not.toContain("traits");
    expect(await relations("1.6")).toContain("traits");
  });

  it("1.7: PUT of a resource class creates it and needs no body", async () => {
    const to = "/resource_classes/CUSTOM_V7";
    expect((await send("PUT", to, "1.6")).status).toBe(415);
    const made = await send("PUT", to, "1.7");
    expect(made.status).toBe(201);
    expect(made.headers["location"]).toBe(`${api.url}${to}`);
    expect((await send("PUT", to, "1.7")).status).toBe(204);
  });

  it("1.8: allocations name a project and a user", async () => {
    const to = `/allocations/${randomUUID()}`;
    const body = { allocations: listed(), ...OWNER };
    expect(await inBoth("PUT", to, ["1.7", "1.8"], body)).toEqual([400, 204]);
    const refused = await send("PUT", to, "1.8", { allocations: listed() });
    expect(detailOf(refused)).toContain("'project_id' is a required property");
  });

  it("1.9: usages of a project and a user", async () => {
    const to = "/usages?project_id=nobody&user_id=u";
    expect(await inBoth("GET", to, ["1.8", "1.9"])).toEqual([404, 200]);
    expect((await get(to, "1.9")).body).toEqual({ usages: {} });
  });

  it("1.11: a provider's link to its allocations", async () => {
    expect(await relations("1.10")).not.toContain("allocations");
    expect(await relations("1.11")).toContain("allocations");
  });

  it("1.12: allocations by provider, as they are shown; project and user are shown too", async () => {
    const consumer = randomUUID();
    const to = `/allocations/${consumer}`;
    const body = { allocations: held(), ...OWNER };
    expect(await inBoth("PUT", to, ["1.11", "1.12"], body)).toEqual([400, 204]);
    expect((await get(to, "1.11")).body).not.toHaveProperty("project_id");
    expect((await get(to, "1.12")).body).toMatchObject(OWNER);
  });

  it("1.13: allocations of several consumers in one request", async () => {
    const body = { [randomUUID()]: { allocations: held(), ...OWNER } };
    expect(await inBoth("POST", "/allocations", ["1.12", "1.13"], body)).toEqual([404, 204]);
  });

  it("1.14: trees of providers", async () => {
    const child = { name: randomUUID(), parent_provider_uuid: provider };
    expect(await inBoth("POST", "/resource_providers", ["1.13", "1.14"], child)).toEqual([
      400, 201,
    ]);
    const to = `/resource_providers?in_tree=${provider}`;
    expect(await inBoth("GET", to, ["1.13", "1.14"])).toEqual([400, 200]);
    expect((await get(to, "1.14")).body.resource_providers).toHaveLength(2);
    expect((await get(path, "1.13")).body).not.toHaveProperty("root_provider_uuid");
    expect((await get(path, "1.14")).body).toMatchObject({
      parent_provider_uuid: null,
      root_provider_uuid: provider,
    });
  });

  it("1.15: headers for caches", async () => {
    const consumer = `/allocations/${await claimed()}`;
    await send("PUT", "/traits/CUSTOM_T15", "1.6");
    for (const to of [
      "/",
      "/resource_providers",
      path,
      `${path}/inventories`,
      `${path}/inventories/VCPU`,
      `${path}/usages`,
      `${path}/aggregates`,
      `${path}/allocations`,
      `${path}/traits`,
      consumer,
      "/usages?project_id=p",
      "/traits",
      "/traits/CUSTOM_T15",
      "/traits/HW_CPU_X86_VMX",
      "/resource_classes",
      "/resource_classes/VCPU",
    ]) {
      const before = await get(to, "1.14");
      expect(before.status).toBeLessThan(300);
      expect(before.headers).not.toHaveProperty("last-modified");
      expect(before.headers).not.toHaveProperty("cache-control");
      const after = await get(to, "1.15");
      expect(after.headers["cache-control"]).toBe("no-cache");
      expect(new Date(after.headers["last-modified"] ?? "").getTime()).toBeGreaterThan(0);
    }
    const empty = `/resource_providers/${await makeProvider(api)}/inventories`;
    expect((await get(empty, "1.15")).headers).not.toHaveProperty("last-modified");
    const trait = await send("PUT", "/traits/CUSTOM_T15", "1.15");
    expect(trait.headers["cache-control"]).toBe("no-cache");
    const madeClass = await send("PUT", "/resource_classes/CUSTOM_V15", "1.15");
    expect(madeClass.headers).not.toHaveProperty("cache-control");
  });

  it("1.18: required of the list of providers", async () => {
    const to = "/resource_providers?required=HW_CPU_X86_VMX";
    expect(await inBoth("GET", to, ["1.17", "1.18"])).toEqual([400, 200]);
  });

  it("1.19: the provider's generation with its aggregates", async () => {
    const to = `${path}/aggregates`;
    expect((await get(to, "1.18")).body).not.toHaveProperty("resource_provider_generation");
    const { aggregates, resource_provider_generation: generation } = (await get(to, "1.19")).body;
    const body = { aggregates, resource_provider_generation: generation };
    expect(await inBoth("PUT", to, ["1.18", "1.19"], body)).toEqual([400, 200]);
    expect((await send("PUT", to, "1.19", body)).status).toBe(409);
  });

  it("1.20: a new provider is shown", async () => {
    const before = await send("POST", "/resource_providers", "1.19", { name: randomUUID() });
    expect(before.status).toBe(201);
    expect(before.body).toBe("");
    const name = randomUUID();
    const after = await send("POST", "/resource_providers", "1.20", { name });
    expect(after.status).toBe(200);
    expect(after.body).toMatchObject({ name, generation: 0 });
    for (const { headers } of [before, after]) {
      expect(headers["location"]).toMatch(`${api.url}/resource_providers/`);
    }
  });

  it("1.22: forbidden traits", async () => {
    const to = "/resource_providers?required=!HW_CPU_X86_VMX";
    expect(await inBoth("GET", to, ["1.21", "1.22"])).toEqual([400, 200]);
  });

  it("1.23: codes of errors", async () => {
    const to = `/resource_providers/${randomUUID()}`;
    expect((await get(to, "1.22")).body.errors[0]).not.toHaveProperty("code");
    expect((await get(to, "1.23")).body.errors[0].code).toBe("placement.undefined_code");
  });

  it("1.24: member_of more than once", async () => {
    const to = `/resource_providers?member_of=${randomUUID()}&member_of=${randomUUID()}`;
    expect(await inBoth("GET", to, ["1.23", "1.24"])).toEqual([400, 200]);
  });

  it("1.26: an inventory may be reserved as a whole", async () => {
    const to = `/resource_providers/${await makeProvider(api)}/inventories`;
    const record = { resource_class: "VCPU", total: 5, reserved: 5 };
    expect(await inBoth("POST", to, ["1.25", "1.26"], record)).toEqual([400, 201]);
  });

  it("1.28: generations of consumers", async () => {
    const to = `/allocations/${randomUUID()}`;
    const body = { allocations: held(), ...OWNER, consumer_generation: null };
    expect(await inBoth("PUT", to, ["1.27", "1.28"], body)).toEqual([400, 204]);
    expect((await get(to, "1.27")).body).not.toHaveProperty("consumer_generation");
    expect((await get(to, "1.28")).body.consumer_generation).toBe(1);
    const stale = await send("PUT", to, "1.28", body);
    expect(stale.status).toBe(409);
    expect(stale.body.errors[0].code).toBe("placement.concurrent_update");
    const { allocations } = (await get(`${path}/allocations`, "1.28")).body;
    for (const holder of Object.values(allocations)) {
      expect(holder).toHaveProperty("consumer_generation");
    }
    const empty = { ...body, allocations: {}, consumer_generation: 1 };
    expect((await send("PUT", to, "1.28", empty)).status).toBe(204);
    expect((await get(to, "1.28")).body).toEqual({ allocations: {} });
  });

  it("1.30: the reshaper", async () => {
    const body = { inventories: {}, allocations: {} };
    const roles = "service";
    expect((await send("POST", "/reshaper", "1.29", body, { roles })).status).toBe(404);
    expect((await send("POST", "/reshaper", "1.30", body, { roles })).status).toBe(204);
  });

  it("1.32: aggregates that a provider must not be in", async () => {
    const to = `/resource_providers?member_of=!${randomUUID()}`;
    expect(await inBoth("GET", to, ["1.31", "1.32"])).toEqual([400, 200]);
  });

  it("1.34: mappings beside allocations", async () => {
    const body = {
      allocations: held(),
      ...OWNER,
      consumer_generation: null,
      mappings: { "": [provider] },
    };
    const to = `/allocations/${randomUUID()}`;
    expect(await inBoth("PUT", to, ["1.33", "1.34"], body)).toEqual([400, 204]);
    const many = { [randomUUID()]: body };
    expect(await inBoth("POST", "/allocations", ["1.33", "1.34"], many)).toEqual([400, 204]);
    const reshape = { inventories: {}, allocations: { [randomUUID()]: body } };
    const roles = "service";
    expect((await send("POST", "/reshaper", "1.33", reshape, { roles })).status).toBe(400);
    expect((await send("POST", "/reshaper", "1.34", reshape, { roles })).status).toBe(204);
  });

  it("1.37: a provider may leave its parent, or get another", async () => {
    const [parent, other] = [await makeProvider(api), await makeProvider(api)];
    const child = await makeProvider(api, {}, { parent });
    const to = `/resource_providers/${child}`;
    const move = { name: child, parent_provider_uuid: other };
    expect(await inBoth("PUT", to, ["1.36", "1.37"], move)).toEqual([400, 200]);
    const leave = { name: child, parent_provider_uuid: null };
    expect(await inBoth("PUT", to, ["1.36", "1.37"], leave)).toEqual([400, 200]);
  });

  it("1.38: types of consumers", async () => {
    const consumer = await claimed(randomUUID(), "MIGRATION");
    const to = `/allocations/${consumer}`;
    const body = { allocations: held(), ...OWNER, consumer_generation: 1 };
    expect(await inBoth("PUT", to, ["1.38", "1.37"], body)).toEqual([400, 204]);
    expect((await get(to, "1.37")).body).not.toHaveProperty("consumer_type");
    expect((await get(to, "1.38")).body.consumer_type).toBe("MIGRATION");
    const usages = "/usages?project_id=p&consumer_type=MIGRATION";
    expect(await inBoth("GET", usages, ["1.37", "1.38"])).toEqual([400, 200]);
    expect((await get(usages, "1.38")).body).toEqual({
      usages: { MIGRATION: { consumer_count: 1, VCPU: 1 } },
    });
  });

  it("1.39: any of several traits, and required more than once", async () => {
    const any = "/resource_providers?required=in:HW_CPU_X86_VMX,CUSTOM_T6";
    await send("PUT", "/traits/CUSTOM_T6", "1.6");
    expect(await inBoth("GET", any, ["1.38", "1.39"])).toEqual([400, 200]);
    // Before, the last one counts alone.
    const twice = "/resource_providers?required=HW_CPU_X86_VMX&required=!CUSTOM_T6";
    const count = async (version: string) =>
      (await get(twice, version)).body.resource_providers.length as number;
    expect(await count("1.38")).toBeGreaterThan(0);
    expect(await count("1.39")).toBe(0);
  });
});
