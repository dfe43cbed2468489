/** Every object with named members is closed, in every body of every version. */
import { beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { operations } from "../../functions/index.ts";
import { directRequestSchema } from "../../lib/api/direct.ts";
import { methodOf, pathOf } from "../../lib/api/operation.ts";
import { type JsonSchema, sampleOf } from "../support/bad-values.ts";
import { useApi } from "../support/frame.ts";
import { expectRefused } from "../support/hostile.ts";
import { makeProvider } from "../support/world.ts";

const NAME = "unheard_of";
/** Of a provider, and of a consumer. */
const UUID = "a0000000-0000-4000-8000-000000000001";
const PARAMETERS: Readonly<Record<string, string>> = {
  resource_class: "VCPU",
  name: "CUSTOM_HERE",
};

const bodies = operations.flatMap((operation) =>
  Object.entries(operation.body ?? {}).flatMap(([version, schema]) =>
    schema === null ? [] : [{ id: operation.id, version, operation, schema }],
  ),
);

/** `value` with one more member, once in each of its objects that have named members. */
function* widened(schema: JsonSchema, value: unknown): Generator<unknown> {
  const branches = (schema["anyOf"] ?? [schema]) as readonly JsonSchema[];
  for (const { properties, additionalProperties, items } of branches) {
    if (Array.isArray(value)) {
      for (const item of widened((items ?? {}) as JsonSchema, value[0])) yield [item];
    } else if (typeof value === "object" && value !== null) {
      if (properties !== undefined) yield { ...value, [NAME]: 1 };
      for (const [name, each] of Object.entries(value)) {
        const known = (properties ?? {}) as Record<string, JsonSchema>;
        const inner = known[name] ?? ((additionalProperties || {}) as JsonSchema);
        for (const changed of widened(inner, each)) yield { ...value, [name]: changed };
      }
    }
  }
}

const api = useApi();

beforeAll(async () => {
  await makeProvider(api, { VCPU: 4 }, { uuid: UUID });
  await api.request("PUT", "/resource_classes/CUSTOM_HERE");
  const body = { uuid: UUID, project_id: "project", user_id: "user" };
  expect((await api.request("POST", "/consumers", { body })).status).toBe(201);
});

describe.each(bodies)("the body of $id at $version", ({ version, operation, schema }) => {
  const document = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonSchema;
  const wide = [...widened(document, sampleOf(document))];

  test("refuses a member that it does not know, wherever it is", async () => {
    const path = pathOf(operation).replaceAll(
      /\{(\w+)\}/g,
      (_, name: string) => PARAMETERS[name] ?? UUID,
    );
    const options = { version, roles: "admin,service" };
    for (const body of wide) {
      const detail = await expectRefused(api, 400, () =>
        api.request(methodOf(operation), path, { ...options, body }),
      );
      expect(detail).toContain(`Additional properties are not allowed ('${NAME}' was unexpected)`);
    }
  });

  test("has objects with named members, or is a list of texts", () => {
    expect(wide.length > 0 || document["type"] === "array").toBe(true);
  });
});

test("a direct invocation is closed too", () => {
  const given = { version: "1.39", body: {} };
  expect(directRequestSchema.safeParse(given).success).toBe(true);
  expect(directRequestSchema.safeParse({ ...given, [NAME]: 1 }).success).toBe(false);
});
