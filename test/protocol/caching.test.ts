/** Cache-Control and Last-Modified, from 1.15. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { fastClock } from "../support/fast-clock.ts";
import { useApi } from "../support/frame.ts";
import { claim, makeProvider } from "../support/world.ts";

const START = Date.UTC(2030, 0, 2, 3, 4, 5, 678);
const clock = fastClock(START);
const [consumer, made] = [randomUUID(), randomUUID()];
let provider: string;

const api = useApi({ clock });

beforeAll(async () => {
  provider = await makeProvider(api, { VCPU: 10 });
  await claim(api, consumer, { [provider]: { VCPU: 1 } });
  await api.request("PUT", "/traits/CUSTOM_A");
  await api.request("PUT", "/resource_classes/CUSTOM_B");
  const body = { uuid: made, project_id: "p", user_id: "u" };
  await api.request("POST", "/consumers", { body });
  clock.pass(60_000);
});

const THEN = "Wed, 02 Jan 2030 03:04:05 GMT";
const NOW = "Wed, 02 Jan 2030 03:05:05 GMT";

const headersOf = async (path: string, version: string) => {
  const { status, headers } = await api.request("GET", path.replace("$", provider), { version });
  expect([200, 204]).toContain(status);
  return { control: headers["cache-control"], modified: headers["last-modified"] };
};

describe.each([
  ["/resource_providers", THEN],
  ["/resource_providers?name=nobody", NOW],
  ["/resource_providers/$", THEN],
  ["/resource_providers/$/inventories", THEN],
  ["/resource_providers/$/inventories/VCPU", THEN],
  ["/resource_providers/$/usages", NOW],
  ["/resource_providers/$/aggregates", NOW],
  ["/resource_providers/$/traits", THEN],
  ["/resource_providers/$/allocations", THEN],
  [`/allocations/${consumer}`, THEN],
  ["/allocations/nobody", NOW],
  ["/usages?project_id=project", NOW],
  ["/resource_classes", NOW],
  ["/resource_classes/CUSTOM_B", THEN],
  ["/resource_classes/VCPU", NOW],
  ["/traits", NOW],
  ["/traits/CUSTOM_A", THEN],
  ["/traits/HW_CPU_X86_AVX", NOW],
  [`/consumers/${made}`, THEN],
  ["/consumers?project_id=p", NOW],
  ["/", NOW],
])("GET %s", (path, modified) => {
  test("has both from 1.15, and neither below", async () => {
    expect(await headersOf(path, "1.14")).toEqual({});
    expect(await headersOf(path, "1.15")).toEqual({ control: "no-cache", modified });
    expect(await headersOf(path, "1.39")).toEqual({ control: "no-cache", modified });
  });
});

test("an empty provider's inventories were never modified", async () => {
  const empty = await makeProvider(api);
  const { modified } = await headersOf(`/resource_providers/${empty}/inventories`, "1.39");
  expect(modified).toBeUndefined();
});

describe("writes", () => {
  const send = async (method: string, path: string, body?: object, version = "1.39") => {
    const answer = await api.request(method, path, { version, ...(body && { body }) });
    expect(answer.status).toBeLessThan(300);
    const { "cache-control": control, "last-modified": modified } = answer.headers;
    return [control, modified];
  };
  const both = ["no-cache", expect.stringMatching(/ GMT$/)];
  const neither = [undefined, undefined];

  test("with a body have both", async () => {
    const uuid = randomUUID();
    const path = `/resource_providers/${uuid}`;
    expect(await send("POST", "/resource_providers", { name: uuid, uuid })).toEqual(both);
    expect(await send("PUT", path, { name: `new-${uuid}` })).toEqual(both);
    const inventory = { resource_class: "VCPU", total: 1 };
    expect(await send("POST", `${path}/inventories`, inventory)).toEqual(both);
    const generation = (value: number) => ({ resource_provider_generation: value });
    const one = { ...generation(1), total: 2 };
    expect(await send("PUT", `${path}/inventories/VCPU`, one)).toEqual(both);
    const all = { ...generation(2), inventories: { VCPU: { total: 1 } } };
    expect(await send("PUT", `${path}/inventories`, all)).toEqual(both);
    const traits = { ...generation(3), traits: ["CUSTOM_A"] };
    expect(await send("PUT", `${path}/traits`, traits)).toEqual(both);
    const aggregates = { ...generation(4), aggregates: [] };
    expect(await send("PUT", `${path}/aggregates`, aggregates)).toEqual(both);
    expect(await send("PUT", path, { name: uuid }, "1.14")).toEqual(neither);
  });

  test("of a trait have both, though they have no body", async () => {
    expect(await send("PUT", "/traits/CUSTOM_C")).toEqual(both);
    expect(await send("PUT", "/traits/CUSTOM_C")).toEqual(both);
    expect(await send("PUT", "/traits/CUSTOM_D", undefined, "1.14")).toEqual(neither);
  });

  test("of classes and others without a body have neither", async () => {
    expect(await send("PUT", "/resource_classes/CUSTOM_C")).toEqual(neither);
    expect(await send("PUT", "/resource_classes/CUSTOM_C")).toEqual(neither);
    expect(await send("POST", "/resource_classes", { name: "CUSTOM_D" })).toEqual(neither);
    expect(await send("DELETE", "/resource_classes/CUSTOM_D")).toEqual(neither);
    const name = randomUUID();
    expect(await send("POST", "/resource_providers", { name }, "1.19")).toEqual(neither);
  });
});

test("errors have neither", async () => {
  const { headers } = await api.request("GET", `/resource_providers/${randomUUID()}`);
  expect(headers).not.toHaveProperty("cache-control");
  expect(headers).not.toHaveProperty("last-modified");
});
