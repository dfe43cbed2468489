/** What a direct invocation is refused for, and how it is said. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { refuseUnrouted } from "../../functions/fallback/refuse.ts";
import { createResourceProvider } from "../../functions/resource-providers/create.ts";
import { showResourceProvider } from "../../functions/resource-providers/show.ts";
import { updateTrait } from "../../functions/traits/update.ts";
import type { AnyOperation } from "../../lib/api/operation.ts";
import { invokeOf } from "../support/direct.ts";
import { useApi } from "../support/frame.ts";

const api = useApi();

/** Invokes with any event at all. */
async function send(operation: AnyOperation, event: unknown) {
  const { payload } = await invokeOf(api, operation)(JSON.stringify(event));
  return JSON.parse(payload);
}

describe("refusals", () => {
  test("are results with the error document, and never an error of the invocation", async () => {
    const parameters = { uuid: randomUUID() };
    const answer = await send(showResourceProvider, { version: "1.39", parameters });
    expect(answer).toMatchObject({
      status: 404,
      headers: { "content-type": "application/json" },
      body: {
        errors: [
          {
            status: 404,
            title: "Not Found",
            code: "placement.undefined_code",
            request_id: answer.headers["x-openstack-request-id"],
          },
        ],
      },
    });
  });

  test("of a body are those of HTTP, and no body at all is one", async () => {
    const message = async (event: object) =>
      (await send(createResourceProvider, { version: "1.39", ...event })).body.errors[0].detail;
    expect(await message({})).toContain("JSON does not validate: None is not of type 'object'");
    expect(await message({ body: "{}" })).toContain("'{}' is not of type 'object'");
    expect(await message({ body: { name: "" } })).toContain("['name']");
    expect(await message({ body: { name: "\ud800" } })).toContain("is not well-formed Unicode");
  });

  test("an operation below its version is 404", async () => {
    const event = { version: "1.5", parameters: { name: "CUSTOM_A" } };
    expect((await send(updateTrait, event)).status).toBe(404);
  });

  test("the function behind $default has nothing to offer", async () => {
    expect((await send(refuseUnrouted, { version: "1.39" })).status).toBe(404);
  });

  const bad: [string, unknown][] = [
    ["is not of type 'object'", null],
    ["is not of type 'object'", []],
    ["is not of type 'object'", "GET /"],
    ["'version'", {}],
    ["'version'", { version: "1.40" }],
    ["'version'", { version: "1.01" }],
    ["'version'", { version: "placement 1.39" }],
    ["'version'", { version: 1.39 }],
    ["'version'", { version: null }],
    ["'colour'", { version: "1.39", colour: "blue" }],
    ["'headers'", { version: "1.39", headers: {} }],
    ["'parameters'", { version: "1.39", parameters: [] }],
    ["'uuid'", { version: "1.39" }],
    ["'uuid'", { version: "1.39", parameters: {} }],
    ["'uuid'", { version: "1.39", parameters: { uuid: [] } }],
    ["'uuid'", { version: "1.39", parameters: { uuid: ["a", "b"] } }],
    ["'uuid'", { version: "1.39", parameters: { uuid: 5 } }],
    ["'uuid'", { version: "1.39", parameters: { uuid: "a".repeat(11_000) } }],
    ["'uuid'", { version: "1.39", parameters: { uuid: "\ud800" } }],
    ["'requestId'", { version: "1.39", parameters: { uuid: "a" }, requestId: 5 }],
  ];

  test.each(bad.map(([field, event], index) => [index, field, event] as const))(
    "bad request %d names %s",
    async (_index, field, event) => {
      const before = await api.items();
      const answer = await send(showResourceProvider, event);
      expect(answer.status).toBe(400);
      expect(answer.body.errors[0].detail).toContain("JSON does not validate: ");
      expect(answer.body.errors[0].detail).toContain(field);
      expect(await api.items()).toEqual(before);
    },
  );

  test("a JSON key that JavaScript gives a meaning is a key like any other", async () => {
    const text = '{"version": "1.39", "parameters": {"uuid": "a", "__proto__": "b"}}';
    const { payload } = await invokeOf(api, showResourceProvider)(text);
    expect(JSON.parse(payload).status).toBe(400);
  });
});
