/**
 * Input that every operation's schemas refuse, generated from these schemas: each
 * gets a 400 that names the field, and the table stays as it is.
 */
import { beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { operations } from "../../functions/index.ts";
import type { AnyOperation } from "../../lib/api/operation.ts";
import type { Api, Item } from "../support/api.ts";
import { type BadValue, badValues, type JsonSchema, sampleOf } from "../support/bad-values.ts";
import { messageOf } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { makeProvider } from "../support/world.ts";

const CONSUMER = "c0000000-0000-4000-8000-000000000001";
const PROVIDER = "a0000000-0000-4000-8000-000000000001";

/** Objects that exist, so that nothing but the input is wrong. */
const PARAMETERS: Readonly<Record<string, string>> = {
  uuid: PROVIDER,
  consumer_uuid: CONSUMER,
  resource_class: "VCPU",
  name: "CUSTOM_HERE",
};

const api = useApi();
let before: Item[];
let count = 0;

beforeAll(async () => {
  await makeProvider(api, { VCPU: 4 }, { uuid: PROVIDER });
  await api.request("PUT", "/resource_classes/CUSTOM_HERE");
  const body = { uuid: CONSUMER, project_id: "project", user_id: "user" };
  await api.request("POST", "/consumers", { body });
  before = await api.items();
});

const documentOf = (schema: z.ZodType) =>
  z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonSchema;

function pathOf(operation: AnyOperation): [method: string, path: string] {
  const [method = "", template = ""] = operation.route.split(" ");
  return [method, template.replace(/\{(\w+)\}/g, (_, name) => PARAMETERS[name] ?? "")];
}

/** What is wrong with the answers to `cases`; and the table must be as before. */
async function refuseAll(
  cases: readonly BadValue[],
  intro: string,
  send: (value: unknown) => ReturnType<Api["request"]>,
): Promise<void> {
  const wrong: unknown[] = [];
  for (const { what, value, field } of cases) {
    const answer = await send(value);
    const message = answer.status === 400 ? messageOf(answer) : "";
    const unsaid = / of type +Failed/.test(message);
    if (!message.startsWith(intro) || !message.includes(field) || unsaid) {
      wrong.push({ what, field, status: answer.status, body: answer.body.errors?.[0].detail });
    }
  }
  count += cases.length;
  expect(wrong).toEqual([]);
  expect(cases).not.toEqual([]);
  expect(await api.items()).toEqual(before);
}

const schemasOf = (which: "body" | "query") =>
  operations.flatMap((operation) =>
    Object.entries(operation[which] ?? {}).flatMap(([version, schema]) =>
      schema === null ? [] : [[operation.id, version, operation, schema] as const],
    ),
  );

test.each(schemasOf("body"))("the body of %s at %s", async (_id, version, operation, schema) => {
  const document = documentOf(schema);
  const sample = sampleOf(document);
  expect(schema.safeParse(sample).error).toBeUndefined();
  const [method, path] = pathOf(operation);
  const cases = badValues(document, sample);
  const roles = "admin,service";
  await refuseAll(cases, "JSON does not validate: ", (value) =>
    api.request(method, path, { body: JSON.stringify(value), version, roles, headers: JSON_TYPE }),
  );
});

const JSON_TYPE = { "content-type": "application/json" };

test.each(schemasOf("query"))("the query of %s at %s", async (_id, version, operation, schema) => {
  const document = documentOf(schema);
  const sample = sampleOf(document) as Record<string, string>;
  expect(schema.safeParse(sample).error).toBeUndefined();
  const [method, path] = pathOf(operation);
  // Without the parameter that selects it, this is no operation.
  const selects = (value: unknown) =>
    operation.onlyWith === undefined || Object.hasOwn(Object(value), operation.onlyWith.parameter);
  const cases = badValues(document, sample).filter(({ value }) => isQuery(value) && selects(value));
  await refuseAll(cases, "Invalid query string parameters: ", (value) =>
    api.request(method, `${path}?${new URLSearchParams(value as Record<string, string>)}`, {
      version,
    }),
  );
});

/** A query holds nothing but text, and no text that UTF-8 cannot write. */
function isQuery(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((each) => typeof each === "string" && each.isWellFormed())
  );
}

test("there were many of them", () => {
  console.log(`${count} bad inputs`);
  expect(count).toBeGreaterThan(400);
});
