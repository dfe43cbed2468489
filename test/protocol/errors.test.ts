/** Error documents: their sentences, words, codes and headers, whatever the operation is. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { claim, makeProvider, putInventories } from "../support/world.ts";

const api = useApi();
let provider: string;

beforeAll(async () => {
  provider = await makeProvider(api, { VCPU: 4 });
});

const inventory = (record: object, version = "1.39") => {
  const body = { resource_provider_generation: 1, ...record };
  return api.request("PUT", `/resource_providers/${provider}/inventories/VCPU`, { body, version });
};

describe("the detail", () => {
  test("has its sentence, two line breaks, a space, the message and two spaces", async () => {
    const { body } = await api.request("GET", "/resource_providers/nobody");
    expect(body.errors[0].detail).toBe(
      "The resource could not be found.\n\n No resource provider with uuid nobody found  ",
    );
  });

  test("has no line breaks and no tags in its message", async () => {
    const answer = await api.request("GET", "/resource_providers/a%0Ab%3Cb%3Ec%3C%3E%3Cd%0D%0A");
    const message = "No resource provider with uuid a bc<d  found";
    expectRefusal(answer, { status: 404, message });
    expectRefusal(await inventory({}), { status: 400, message: /^[^\n]*$/ });
  });

  test.each([
    [{ total: 0 }, "0 is less than the minimum of 1", "minimum", "['properties']['total']"],
    [
      { total: 2 ** 31 },
      "2147483648 is greater than the maximum of 2147483647",
      "maximum",
      "['properties']['total']",
    ],
    [{ total: "4" }, "'4' is not of type 'integer'", "type", "['properties']['total']"],
    [{ total: 1.5 }, "1.5 is not of type 'integer'", "type", "['properties']['total']"],
    [{ total: true }, "True is not of type 'integer'", "type", "['properties']['total']"],
    [{ total: null }, "None is not of type 'integer'", "type", "['properties']['total']"],
    [{}, "'total' is a required property", "required", ""],
    [
      { total: 1, colour: "blue" },
      "Additional properties are not allowed ('colour' was unexpected)",
      "additionalProperties",
      "",
    ],
    [
      { total: 1, b: 1, a: 1 },
      "Additional properties are not allowed ('a', 'b' were unexpected)",
      "additionalProperties",
      "",
    ],
  ])("of the body with %j is in jsonschema's words", async (record, words, keyword, path) => {
    const { body } = await inventory(record);
    const { detail } = body.errors[0];
    expect(detail).toContain(`\n\n JSON does not validate: ${words}  `);
    expect(detail).toContain(`Failed validating '${keyword}' in schema${path}:`);
  });

  test("tells the fault that is nearest to the document's root", async () => {
    const record = { total: 0, reserved: "x" };
    const inventories = { VCPU: record };
    const path = `/resource_providers/${provider}/inventories`;
    const { body } = await api.request("PUT", path, { body: { inventories } });
    const { detail } = body.errors[0];
    expect(detail).toContain("'resource_provider_generation' is a required property");
  });
});

describe("the code", () => {
  test("is there from 1.23", async () => {
    for (const [version, code] of [
      ["1.0", null],
      ["1.22", null],
      ["1.23", "placement.undefined_code"],
      ["1.39", "placement.undefined_code"],
    ] as const) {
      const refusal = { status: 400, code };
      expectRefusal(await inventory({ total: 0 }, version), refusal);
    }
  });

  test("is no special one for capacity, units, missing inventory, duplicate classes", async () => {
    const held = { [provider]: { VCPU: 99 } };
    expectRefusal(await claim(api, randomUUID(), held), { status: 409 });
    const body = { name: "CUSTOM_TWICE" };
    await api.request("POST", "/resource_classes", { body });
    expectRefusal(await api.request("POST", "/resource_classes", { body }), { status: 409 });
  });
});

describe("Vary", () => {
  test("comes with answers and refusals of an operation that ran", async () => {
    const nobody = randomUUID();
    for (const answer of [
      await api.request("GET", "/resource_providers"),
      await inventory({ total: 0 }),
      await putInventories(api, provider, 77, {}),
      await api.request("GET", `/resource_providers/${nobody}/usages`),
      await api.request("DELETE", `/allocations/${nobody}`),
    ]) {
      expect(answer.headers["vary"]).toBe("openstack-api-version");
      expect(answer.headers["openstack-api-version"]).toBe("placement 1.39");
    }
  });
});

test("unknown query parameters are refused by four lists only", async () => {
  for (const path of ["/resource_providers", "/traits", "/usages"]) {
    const answer = await api.request("GET", `${path}?colour=blue&project_id=p`);
    expectRefusal(answer, { status: 400, message: /'colour'/ });
  }
  for (const path of [
    "/resource_classes",
    `/resource_providers/${provider}`,
    `/resource_providers/${provider}/inventories`,
    `/resource_providers/${provider}/allocations`,
    `/allocations/${randomUUID()}`,
    "/",
  ]) {
    expect((await api.request("GET", `${path}?colour=blue`)).status).toBe(200);
  }
});
