/** Every operation does its work in each of its versions, and answers as the OpenAPI document says. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { operations } from "../../functions/index.ts";
import document from "../../functions/openapi/document.json" with { type: "json" };
import { changesOf } from "../../lib/api/openapi/changes.ts";
import { methodOf, pathOf } from "../../lib/api/operation.ts";
import { minor, type VersionText } from "../../lib/model/microversion.ts";
import { useApi } from "../support/frame.ts";
import { claim, claimBody, makeProvider, OWNER } from "../support/world.ts";
import { Description } from "./description.ts";

const api = useApi();
let provider = "";
const description = new Description(document);

beforeAll(async () => {
  provider = await makeProvider(api, { VCPU: 1_000 });
  await api.request("PUT", "/traits/CUSTOM_A", {});
  await api.request("PUT", "/resource_classes/CUSTOM_A", {});
});

/** A request that succeeds. */
interface Example {
  /** By name: what stands in the path. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: unknown;
  readonly roles?: string;
}

const since = (version: VersionText, from: VersionText) => minor(version) >= minor(from);
const ofProvider = async (): Promise<Example> => ({ params: { uuid: provider } });
const fresh = async (...inventories: string[]) =>
  makeProvider(api, Object.fromEntries(inventories.map((name) => [name, 10])));

async function claimed(): Promise<string> {
  const consumer = randomUUID();
  const held = { [provider]: { VCPU: 1 } };
  expect((await claim(api, consumer, held)).status).toBe(204);
  return consumer;
}

async function idle(): Promise<string> {
  const { status, body } = await api.request("POST", "/consumers", { body: OWNER });
  expect(status).toBe(201);
  return body.uuid;
}

async function leased(): Promise<string> {
  const headers = { "placement-lease": "60" };
  return (await api.request("POST", "/consumers", { body: OWNER, headers })).body.uuid;
}

async function custom(kind: "traits" | "resource_classes"): Promise<Example> {
  const name = `CUSTOM_${randomUUID().replaceAll("-", "_").toUpperCase()}`;
  expect((await api.request("PUT", `/${kind}/${name}`)).status).toBe(201);
  return { params: { name } };
}

/** What a consumer holds, in the form of the version. */
function heldIn(version: VersionText) {
  const { consumer_type, ...owner } = OWNER;
  const resources = { VCPU: 1 };
  return {
    allocations: since(version, "1.12")
      ? { [provider]: { resources } }
      : [{ resource_provider: { uuid: provider }, resources }],
    ...(since(version, "1.8") ? owner : {}),
    ...(since(version, "1.28") ? { consumer_generation: null } : {}),
    ...(since(version, "1.34") ? { mappings: { "": [provider] } } : {}),
    ...(since(version, "1.38") ? { consumer_type } : {}),
  };
}

const record = { total: 5, reserved: 1, allocation_ratio: 1.5 };

const examples: Readonly<Record<string, (version: VersionText) => Promise<Example>>> = {
  "root/show": async () => ({}),
  "openapi/show": async () => ({}),
  "status/show": async () => ({}),
  "metrics/list": async () => ({ query: "allocations=true&part=1/2" }),
  "resource-providers/list": async (version) => ({
    query: since(version, "1.18") ? `in_tree=${provider}&required=HW_CPU_X86_VMX` : "name=",
  }),
  "resource-providers/create": async () => ({ body: { name: randomUUID() } }),
  "resource-providers/show": ofProvider,
  "resource-providers/update": async () => ({
    params: { uuid: await fresh() },
    body: { name: randomUUID() },
  }),
  "resource-providers/delete": async () => ({ params: { uuid: await fresh() } }),
  "inventories/list": ofProvider,
  "inventories/create": async () => ({
    params: { uuid: await fresh() },
    body: { resource_class: "VCPU", ...record },
  }),
  "inventories/replace": async () => ({
    params: { uuid: await fresh() },
    body: { resource_provider_generation: 0, inventories: { DISK_GB: record, CUSTOM_A: record } },
  }),
  "inventories/delete-all": async () => ({ params: { uuid: await fresh("VCPU") } }),
  "inventories/show": async () => ({ params: { uuid: provider, resource_class: "VCPU" } }),
  "inventories/update": async () => ({
    params: { uuid: await fresh("VCPU"), resource_class: "VCPU" },
    body: { resource_provider_generation: 1, ...record },
  }),
  "inventories/delete": async () => ({
    params: { uuid: await fresh("VCPU"), resource_class: "VCPU" },
  }),
  "aggregates/list": ofProvider,
  "aggregates/replace": async (version) => {
    const aggregates = [randomUUID(), randomUUID()];
    const versioned = { aggregates, resource_provider_generation: 0 };
    return {
      params: { uuid: await fresh() },
      body: since(version, "1.19") ? versioned : aggregates,
    };
  },
  "provider-traits/list": ofProvider,
  "provider-traits/replace": async () => ({
    params: { uuid: await fresh() },
    body: { resource_provider_generation: 0, traits: ["CUSTOM_A", "HW_CPU_X86_VMX"] },
  }),
  "provider-traits/delete": async () => ({ params: { uuid: await fresh() } }),
  "allocations/list-by-provider": async () => {
    await claimed();
    return ofProvider();
  },
  "usages/show-by-provider": ofProvider,
  "allocations/show": async () => ({ params: { consumer_uuid: await claimed() } }),
  "allocations/replace": async (version) => ({
    params: { consumer_uuid: randomUUID() },
    body: heldIn(version),
  }),
  "allocations/empty-provider": async () => {
    const uuid = await fresh("VCPU");
    expect((await claim(api, randomUUID(), { [uuid]: { VCPU: 1 } })).status).toBe(204);
    return { params: { uuid }, query: "limit=1" };
  },
  "allocations/delete": async () => ({ params: { consumer_uuid: await claimed() } }),
  "allocations/manage": async (version) => ({
    body: { [randomUUID()]: heldIn(version), [randomUUID()]: heldIn(version) },
  }),
  "usages/show": async () => ({ query: `project_id=${OWNER.project_id}` }),
  "reshaper/reshape": async (version) => {
    const uuid = await fresh("VCPU");
    const inventories = { resource_provider_generation: 1, inventories: { DISK_GB: record } };
    return {
      body: {
        inventories: { [uuid]: inventories },
        allocations: { [randomUUID()]: heldIn(version) },
      },
      roles: "service",
    };
  },
  "resource-classes/list": async () => ({}),
  "resource-classes/create": async () => ({
    body: { name: `CUSTOM_${randomUUID().replaceAll("-", "_").toUpperCase()}` },
  }),
  "resource-classes/show": async () => ({ params: { name: "CUSTOM_A" } }),
  "resource-classes/update": async (version) => {
    const { params } = await custom("resource_classes");
    return { ...(params && { params }), ...(since(version, "1.7") ? {} : { body: params }) };
  },
  "resource-classes/delete": () => custom("resource_classes"),
  "traits/list": async () => ({ query: "name=startswith:CUSTOM_&associated=False" }),
  "traits/show": async () => ({ params: { name: "CUSTOM_A" } }),
  "traits/update": () => custom("traits"),
  "traits/delete": () => custom("traits"),
  "consumers/list": async () => {
    await claimed();
    return { query: `project_id=${OWNER.project_id}&limit=2` };
  },
  "consumers/create": async () => ({ body: OWNER }),
  "claims/create": async () => ({
    body: {
      consumers: [OWNER, { uuid: randomUUID(), ...OWNER, consumer_generation: null }],
      alternatives: [{ query: `resources=VCPU:1&in_tree=${provider}` }],
      explain: true,
    },
  }),
  "consumers/show": async () => ({ params: { consumer_uuid: await claimed() } }),
  "consumers/update": async () => ({
    params: { consumer_uuid: await claimed() },
    body: { ...OWNER, consumer_generation: 1, user_id: "other" },
  }),
  "consumers/delete": async () => ({
    params: { consumer_uuid: await idle() },
    query: "generation=0",
  }),
  "consumers/raise-generation": async () => ({
    params: { consumer_uuid: await idle() },
    body: { consumer_generation: 0 },
  }),
  "consumers/renew-lease": async () => ({
    params: { consumer_uuid: await leased() },
    body: { seconds: 60 },
  }),
  "consumers/confirm-lease": async () => ({ params: { consumer_uuid: await leased() } }),
  "history/show-by-consumer": async () => ({ params: { consumer_uuid: await leased() } }),
  "history/show-by-provider": ofProvider,
  "events/follow": async () => ({ query: "wait=0" }),
  "allocation-candidates/list": async () => ({ query: "resources=VCPU:1" }),
  "allocation-candidates/list-query": async () => ({ body: { query: "resources=VCPU:1" } }),
  "allocations/list": async () => ({
    query: `consumer_uuid=in:${await claimed()},${randomUUID()}`,
  }),
};

function versionsOf(id: string): VersionText[] {
  const operation = operations.find((each) => each.id === id);
  if (operation === undefined) throw new Error(`there is no operation ${id}`);
  return [...new Set<VersionText>([operation.since, ...changesOf(operation), "1.39"])];
}

describe("every operation", () => {
  it.each(operations.map(({ id }) => id))("%s", async (id) => {
    const operation = operations.find((each) => each.id === id);
    const example = examples[id];
    if (operation === undefined || example === undefined) throw new Error(`no example of ${id}`);
    for (const version of versionsOf(id)) {
      const { params = {}, query, body, roles } = await example(version);
      const path = pathOf(operation).replaceAll(/\{(\w+)\}/g, (_, name) => params[name] ?? "");
      const method = methodOf(operation);
      const answer = await api.request(method, query === undefined ? path : `${path}?${query}`, {
        version,
        ...(body === undefined ? {} : { body }),
        ...(roles === undefined ? {} : { roles }),
      });
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
      expect(answer.headers["openstack-api-version"]).toBe(`placement ${version}`);
      expect(answer.headers["vary"]?.split(", ")[0]).toBe("openstack-api-version");
      const fault = description.fault({
        method,
        path: pathOf(operation),
        version: minor(version),
        status: answer.status,
        contentType: answer.headers["content-type"],
        body: answer.body,
      });
      expect(fault).toBeUndefined();
    }
  });

  it("has an example of its own that holds something", async () => {
    const held = claimBody({ [provider]: { VCPU: 1 } }, null);
    expect(Object.keys(held.allocations)).toEqual([provider]);
    const { body } = await api.request("GET", "/usages?project_id=project");
    expect(body.usages.INSTANCE.VCPU).toBeGreaterThan(0);
  });

  it("is described strictly: an answer with anything else is found out", async () => {
    const given = {
      method: "GET",
      path: "/resource_providers/{uuid}",
      version: 39,
      status: 200,
      contentType: "application/json",
    };
    const { body } = await api.request("GET", `/resource_providers/${provider}`);
    expect(description.fault({ ...given, body })).toBeUndefined();
    expect(description.fault({ ...given, body: { ...body, more: 1 } })).toContain("additional");
    expect(description.fault({ ...given, body, version: 13 })).toContain("additional");
    expect(description.fault({ ...given, body, status: 418 })).toContain("has no 418");
    expect(description.fault({ ...given, body, contentType: "text/xml" })).toContain("text/xml");
    expect(description.fault({ ...given, body: "", contentType: undefined })).toContain(
      "undefined",
    );
    const made = { method: "POST", path: "/resource_providers", contentType: undefined, body: "" };
    expect(description.fault({ ...made, status: 201, version: 19 })).toBeUndefined();
    expect(description.fault({ ...made, status: 201, version: 20 })).toContain("other versions");
  });
});
