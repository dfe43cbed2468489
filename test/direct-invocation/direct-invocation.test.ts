/** Direct invocation by another Lambda function: the contract of docs/direct-invocation.md. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { replaceAggregates } from "../../functions/aggregates/replace.ts";
import { deleteConsumerAllocations } from "../../functions/allocations/delete.ts";
import { replaceAllocations } from "../../functions/allocations/replace.ts";
import { showAllocations } from "../../functions/allocations/show.ts";
import { operations } from "../../functions/index.ts";
import { reshapeProviders } from "../../functions/reshaper/reshape.ts";
import { createResourceProvider } from "../../functions/resource-providers/create.ts";
import { listResourceProviders } from "../../functions/resource-providers/list.ts";
import { showResourceProvider } from "../../functions/resource-providers/show.ts";
import { showRoot } from "../../functions/root/show.ts";
import { updateTrait } from "../../functions/traits/update.ts";
import type { AnyOperation } from "../../lib/api/operation.ts";
import { startApi } from "../support/api.ts";
import { callDirectly, invokeOf } from "../support/direct.ts";
import { useApi } from "../support/frame.ts";
import { claimBody, makeProvider } from "../support/world.ts";

const api = useApi();
let provider: string;

beforeAll(async () => {
  provider = await makeProvider(api, { VCPU: 100 });
});

/** Invokes with any event at all. */
async function send(operation: AnyOperation, event: unknown) {
  const { payload } = await invokeOf(api, operation)(JSON.stringify(event));
  return JSON.parse(payload);
}

describe("results", () => {
  test("are status, headers in lower case and the parsed body", async () => {
    const name = randomUUID();
    const made = await callDirectly(api, createResourceProvider, {
      version: "1.39",
      body: { name },
    });
    expect(Object.keys(made).sort()).toEqual(["body", "headers", "status"]);
    expect(made.status).toBe(200);
    expect(made.body).toMatchObject({ name, generation: 0 });
    expect(made.headers).toMatchObject({
      "content-type": "application/json",
      "openstack-api-version": "placement 1.39",
      "x-openstack-request-id": expect.stringMatching(/^req-/),
      location: `/resource_providers/${made.body?.uuid}`,
    });
    const http = await api.request("GET", `/resource_providers/${made.body?.uuid}`);
    const parameters = { uuid: made.body?.uuid ?? "" };
    const shown = await send(showResourceProvider, { version: "1.39", parameters });
    expect(shown.body).toEqual(http.body);
  });

  test("without a body have none", async () => {
    const consumer = randomUUID();
    const parameters = { consumer_uuid: consumer };
    const body = claimBody({ [provider]: { VCPU: 1 } }, null);
    const put = await callDirectly(api, replaceAllocations, {
      version: "1.38",
      parameters,
      body,
    });
    expect([put.status, Object.hasOwn(put, "body")]).toEqual([204, false]);
    const shown = await send(showAllocations, { version: "1.38", parameters });
    expect(shown.body).toMatchObject({ project_id: "project", consumer_generation: 1 });
    const gone = await callDirectly(api, deleteConsumerAllocations, {
      version: "1.38",
      parameters,
    });
    expect(gone.status).toBe(204);
  });

  test("follow the version, which may be latest", async () => {
    const show = (version: string) =>
      send(showResourceProvider, { version, parameters: { uuid: provider } });
    expect((await show("1.0")).body).not.toHaveProperty("root_provider_uuid");
    const { body, headers } = await show("latest");
    expect(body).toHaveProperty("root_provider_uuid");
    expect(headers["openstack-api-version"]).toBe("placement 1.39");
    const parameters = { uuid: provider };
    const list = await send(replaceAggregates, {
      version: "1.1",
      parameters,
      body: [randomUUID()],
    });
    expect(list.body).toEqual({ aggregates: [expect.any(String)] });
  });

  test("of the root document need no parameters", async () => {
    const { status, body } = await send(showRoot, { version: "1.0" });
    expect([status, body.versions[0].max_version]).toEqual([200, "1.39"]);
  });
});

describe("parameters", () => {
  test("are those of the path, and all others of the query", async () => {
    const list = async (parameters: object) => {
      const { status, body } = await send(listResourceProviders, { version: "1.39", parameters });
      expect(status).toBe(200);
      return body.resource_providers.map(({ uuid }: { uuid: string }) => uuid);
    };
    expect(await list({ uuid: provider })).toEqual([provider]);
    expect(await list({ name: "nobody" })).toEqual([]);
    const aggregates = [randomUUID(), randomUUID()];
    const { body } = await send(showResourceProvider, {
      version: "1.39",
      parameters: { uuid: provider },
    });
    await send(replaceAggregates, {
      version: "1.39",
      parameters: { uuid: provider },
      body: { aggregates, resource_provider_generation: body.generation },
    });
    expect(await list({ member_of: aggregates })).toEqual([provider]);
    expect(await list({ member_of: [...aggregates, randomUUID()] })).toEqual([]);
  });

  test("need no escapes, and are checked as over HTTP", async () => {
    const name = "a name / with % and & = ? in it";
    const made = await send(createResourceProvider, { version: "1.39", body: { name } });
    const found = await send(listResourceProviders, { version: "1.39", parameters: { name } });
    expect(found.body.resource_providers).toEqual([made.body]);
    const trait = await send(updateTrait, { version: "1.39", parameters: { name: "custom/a" } });
    expect(trait.status).toBe(400);
    const query = { version: "1.39", parameters: { colour: "blue" } };
    const refused = await send(listResourceProviders, query);
    expect(refused.body.errors[0].detail).toContain("('colour' was unexpected)");
  });
});

describe("identity", () => {
  test("direct callers have the roles of the configuration, service by default", async () => {
    const body = { inventories: {}, allocations: {} };
    expect((await send(reshapeProviders, { version: "1.39", body })).status).toBe(204);
    const admin = await startApi({ configuration: { directRoles: ["admin"] } });
    const nobody = await startApi({ configuration: { directRoles: [] } });
    const call = JSON.stringify({ version: "1.39", body });
    for (const each of [admin, nobody]) {
      const { payload } = await invokeOf(each, reshapeProviders)(call);
      expect(JSON.parse(payload).body.errors[0].detail).toContain(
        "Policy does not allow placement:reshaper:reshape to be performed.",
      );
      await each.close();
    }
  });

  test("every operation takes a direct invocation", async () => {
    for (const operation of operations) {
      const names = [...operation.route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const parameters = Object.fromEntries(names.map((name) => [name, randomUUID()]));
      const { status } = await send(operation, { version: "latest", parameters });
      expect([operation.id, [200, 201, 204, 400, 404].includes(status)]).toEqual([
        operation.id,
        true,
      ]);
    }
  });
});
