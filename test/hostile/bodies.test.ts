/** Bodies that are too deep, too many, or no JSON that anybody should read. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { createResourceProvider } from "../../functions/resource-providers/create.ts";
import type { DirectResult } from "../../lib/api/direct.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { LIMITS } from "../../lib/api/limits.ts";
import type { Api } from "../support/api.ts";
import { useApi } from "../support/frame.ts";
import { expectRefused } from "../support/hostile.ts";
import { lambdaContext } from "../support/lambda-context.ts";
import { claimBody, makeProvider, putInventories } from "../support/world.ts";

const api = useApi();
let provider: string;

beforeAll(async () => {
  provider = await makeProvider(api, { VCPU: 10 });
});

const json = { "content-type": "application/json" };

function send(method: string, path: string, body: string | Uint8Array) {
  return api.request(method, path, { body, headers: json });
}

const traits = (text: string) => () => send("PUT", `/resource_providers/${provider}/traits`, text);
const claims = (text: string) => () => send("POST", "/allocations", text);

const nested = (depth: number, open = "[", close = "]") => open.repeat(depth) + close.repeat(depth);

describe("depth", () => {
  test.each([
    ["one level too many", nested(LIMITS.bodyDepth + 1)],
    ["objects", nested(LIMITS.bodyDepth + 1, '{"a":', "}").replace(":}", ":1}")],
    ["millions of levels", "[".repeat(3_000_000)],
    ["brackets behind a quote in a text", `{"a":"\\"","b":${nested(LIMITS.bodyDepth)}}`],
  ])("%s is refused before it is parsed", async (_, text) => {
    const detail = await expectRefused(api, 400, traits(text));
    expect(detail).toContain(`at most ${LIMITS.bodyDepth} objects and arrays inside each other`);
  });

  test("as deep as it may be is read, and refused for what it is", async () => {
    const detail = await expectRefused(api, 400, traits(nested(LIMITS.bodyDepth)));
    expect(detail).toContain("is not of type 'object'");
  });

  test("brackets in a text are no depth", async () => {
    const name = `${"[{".repeat(50)}-${randomUUID()}`;
    const answer = await api.request("POST", "/resource_providers", { body: { name } });
    expect(answer.status).toBe(200);
  });
});

describe("number", () => {
  const many = (count: number, text: string) => Array.from({ length: count }, () => text).join();

  test.each<[string, () => ReturnType<Api["request"]>, string]>([
    [
      "traits",
      traits(
        `{"traits":[${many(LIMITS.bodyMembers + 1, '"A"')}],"resource_provider_generation":0}`,
      ),
      "members in an object or array",
    ],
    ["numbers where traits should be", traits(`{"traits":[${many(LIMITS.bodyMembers, "1")}]}`), ""],
    [
      "consumers",
      claims(
        JSON.stringify(
          Object.fromEntries(
            Array.from({ length: LIMITS.bodyMembers + 1 }, () => [randomUUID(), {}]),
          ),
        ),
      ),
      "members in an object or array",
    ],
    ["values in all", claims(`[${many(20, `[${many(13_000, "1")}]`)}]`), "values"],
    ["empty objects", claims(`[${many(600_000, "{}")}]`), "values"],
    [
      "inventories",
      () =>
        putInventories(
          api,
          provider,
          1,
          Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`CUSTOM_${index}`, 1])),
        ),
      "",
    ],
  ])("of %s has a bound", async (_, request, words) => {
    expect(await expectRefused(api, 400, request)).toContain(words);
  });

  test("of consumers beyond what one request may change is 413", async () => {
    const consumers = Array.from({ length: 2_100 }, () => [
      randomUUID(),
      claimBody({ [provider]: { VCPU: 1 } }, null),
    ]);
    await expectRefused(api, 413, claims(JSON.stringify(Object.fromEntries(consumers))));
  });

  test("of bytes has Lambda's bound", async () => {
    const body = `{"name":"${"x".repeat(LIMITS.bodyBytes)}"}`;
    await expectRefused(api, 413, () => send("POST", "/resource_providers", body));
  });
});

describe("prototypes", () => {
  const consumer = randomUUID();
  const claim = claimBody({ [provider ?? ""]: {} }, null);

  test.each([
    ["__proto__ beside a name", `{"name":"n","__proto__":{"uuid":"${randomUUID()}"}}`],
    ["__proto__ that is written with an escape", '{"name":"n","\\u005f_proto__":{}}'],
  ])("%s is refused as a name that is not known", async (_, text) => {
    const detail = await expectRefused(api, 400, () => send("POST", "/resource_providers", text));
    expect(detail).toContain("Additional properties are not allowed ('__proto__' was unexpected)");
  });

  test.each([
    ["as a consumer", () => claims(`{"__proto__":${JSON.stringify(claim)}}`)()],
    [
      "as a class",
      () =>
        send(
          "PUT",
          `/resource_providers/${provider}/inventories`,
          '{"resource_provider_generation":1,"inventories":{"__proto__":{"total":1}}}',
        ),
    ],
    [
      "as a provider",
      () =>
        send(
          "PUT",
          `/allocations/${consumer}`,
          '{"allocations":{"__proto__":{"resources":{"VCPU":1}}},"consumer_generation":null,"project_id":"p","user_id":"u","consumer_type":"T"}',
        ),
    ],
  ])("__proto__ %s is refused", async (_, request) => {
    await expectRefused(api, 400, request);
  });

  test.each(["constructor", "toString", "hasOwnProperty", "valueOf", "prototype"])(
    "%s is a class that does not exist, and a name like any other",
    async (name) => {
      const inventories = () => putInventories(api, provider, 1, { [name]: 1 });
      expect(await expectRefused(api, 400, inventories)).toContain(
        `No such resource class ${name}`,
      );
      const answer = await api.request("POST", "/resource_providers", { body: { name } });
      expect(answer).toMatchObject({ status: 200, body: { name } });
      expect((await api.request("GET", `/resource_providers?name=${name}`)).body).toMatchObject({
        resource_providers: [{ name }],
      });
    },
  );

  test("nothing was given to all objects", () => {
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

describe("JSON", () => {
  test.each([
    ["NaN", '{"total":NaN}'],
    ["Infinity", '{"total":Infinity}'],
    ["-Infinity", '{"total":-Infinity}'],
    ["a number with a leading zero", '{"total":01}'],
    ["hexadecimal", '{"total":0x10}'],
    ["single quotes", "{'total':1}"],
    ["a trailing comma", '{"total":1,}'],
    ["a comment", '{"total":1/*x*/}'],
    ["two documents", "{}{}"],
    ["half a document", '{"total":'],
    ["a control character in a text", '{"a":"\u0001"}'],
    ["a byte order mark's text", "\u0000{}"],
  ])("does not know %s", async (_, text) => {
    expect(await expectRefused(api, 400, traits(text))).toContain("Malformed JSON: ");
  });

  test("is UTF-8", async () => {
    const bytes = Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    await expectRefused(api, 400, () => send("POST", "/resource_providers", bytes));
  });

  test("counts the last of two equal names, as Python's does", async () => {
    const name = randomUUID();
    const text = `{"name":"other","name":"${name}"}`;
    expect(await send("POST", "/resource_providers", text)).toMatchObject({
      status: 200,
      body: { name },
    });
  });

  test.each(['"\\ud800"', '"a\\udfff"', '"\\ude00\\ud83d"'])(
    "with half of a surrogate pair is refused: %s",
    async (text) => {
      const detail = await expectRefused(api, 400, () =>
        send("POST", "/resource_providers", `{"name":${text}}`),
      );
      expect(detail).toContain("is not well-formed Unicode");
    },
  );
});

describe("numbers", () => {
  const inventory = (more: string) => () =>
    send(
      "PUT",
      `/resource_providers/${provider}/inventories/VCPU`,
      `{"resource_provider_generation":1,${more}}`,
    );

  test.each(["1e400", "-1e400", "1e308", "2147483648", "0.5", "1e-7", '"1"', "true", "null"])(
    "that are no total are refused: %s",
    async (total) => {
      await expectRefused(api, 400, inventory(`"total":${total}`));
    },
  );

  test.each(["1e39", "-1e400", "1e400"])("that are no ratio are refused: %s", async (ratio) => {
    await expectRefused(api, 400, inventory(`"total":1,"allocation_ratio":${ratio}`));
  });

  test.each(["9007199254740993", "1e308", "-1e308", "-1"])(
    "that are no generation anybody has are a conflict: %s",
    async (generation) => {
      await expectRefused(api, 409, () =>
        send(
          "PUT",
          `/resource_providers/${provider}/inventories`,
          `{"resource_provider_generation":${generation},"inventories":{}}`,
        ),
      );
    },
  );

  test("of which one is -0 are taken as 0, in changes of any size", async () => {
    const uuid = randomUUID();
    const made = await makeProvider(api, {}, { uuid });
    const text =
      '{"resource_provider_generation":-0,"inventories":{"VCPU":{"total":9,"reserved":-0}}}';
    const answer = await send("PUT", `/resource_providers/${made}/inventories`, text);
    expect(answer.status).toBe(200);
    expect(Object.is(answer.body.inventories.VCPU.reserved, 0)).toBe(true);
    const other = await makeProvider(api);
    const holders = Array.from({ length: 120 }, () => [randomUUID(), claimBody({}, null)]);
    const reshape = JSON.stringify({
      inventories: { [other]: { resource_provider_generation: "ZERO", inventories: {} } },
      allocations: Object.fromEntries(holders),
    }).replace('"ZERO"', "-0");
    const given = { body: reshape, headers: json, roles: "service" };
    expect((await api.request("POST", "/reshaper", given)).status).toBe(204);
  });
});

describe("a direct invocation", () => {
  const invoke = async (body: unknown) =>
    (await lambda(createResourceProvider, async () => api.runtime)(
      { version: "1.39", body },
      lambdaContext("direct"),
    )) as DirectResult;

  test("has the same bounds", async () => {
    let deep: unknown = [];
    for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
    const wide = Array.from({ length: LIMITS.bodyMembers + 1 }, () => 1);
    const polluted = JSON.parse('{"name":"n","__proto__":{}}') as unknown;
    for (const body of [deep, wide, polluted, { name: "\ud800" }]) {
      expect((await invoke(body)).status).toBe(400);
    }
    expect((await invoke({ name: randomUUID() })).status).toBe(200);
  });
});
