import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { operations } from "../../functions/index.ts";
import document from "../../functions/openapi/document.json" with { type: "json" };
import { openApiDocument, operationId } from "../../lib/api/openapi/document.ts";
import { exampleOf, refusalsOf } from "../../lib/api/openapi/refusals.ts";
import { methodOf, pathOf } from "../../lib/api/operation.ts";
import { useApi } from "../support/frame.ts";

// biome-ignore lint/suspicious/noExplicitAny: tests look into documents of every shape
const made = openApiDocument(operations) as any;

// biome-ignore lint/suspicious/noExplicitAny: as above
function described(id: string): any {
  const operation = operations.find((each) => each.id === id);
  if (operation === undefined) throw new Error(`there is no operation ${id}`);
  return made.paths[pathOf(operation)][methodOf(operation).toLowerCase()];
}

function parameter(id: string, name: string) {
  return described(id).parameters.find((each: { name: string }) => each.name === name);
}

describe("the OpenAPI document", () => {
  it("is valid OpenAPI 3.1", async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
    expect(validator.version).toBe("3.1");
    const broken = structuredClone(document) as { paths: Record<string, unknown> };
    broken.paths["/traits"] = { get: { responses: { 200: {} } } };
    expect((await validator.validate(broken)).valid).toBe(false);
  });

  it("has schemas that are valid, and no reference to nothing", () => {
    const ajv = new Ajv2020({ strict: true, strictRequired: false, keywords: ["x-openstack"] });
    addFormats.default(ajv);
    const schemas = made.components.schemas as Record<string, object>;
    for (const [name, schema] of Object.entries(schemas)) {
      ajv.addSchema({ ...schema }, `#/components/schemas/${name}`);
      expect(ajv.validateSchema(schema)).toBe(true);
    }
    const text = JSON.stringify(made);
    const references = [...text.matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(100);
    for (const [, kind = "", name = ""] of references) {
      expect(made.components[kind]).toHaveProperty([name]);
    }
    expect(references.length).toBe(text.split('"$ref"').length - 1);
  });

  it("describes every operation once, under an id of its own", () => {
    const ids = operations.map((operation) => {
      const object = described(operation.id);
      expect(object.operationId).toBe(operationId(operation));
      expect(object.summary).toBe(operation.summary);
      expect(object["x-openstack"]["min-ver"]).toBe(operation.since);
      return object.operationId;
    });
    expect(new Set(ids).size).toBe(operations.length);
    expect(operations.filter(({ answers }) => answers === undefined)).toEqual([]);
  });

  it("names the credentials of every kind of endpoint, any of which suffices", () => {
    const { sigv4, token, bearer, ...others } = made.components.securitySchemes;
    expect(others).toEqual({});
    expect(sigv4).toMatchObject({ "x-amazon-apigateway-authtype": "awsSigv4" });
    expect(token).toMatchObject({ type: "apiKey", in: "header", name: "X-Auth-Token" });
    expect(bearer).toMatchObject({ type: "http", scheme: "bearer", bearerFormat: "JWT" });
    expect(made.security).toEqual([{ sigv4: [] }, { token: [] }, { bearer: [] }]);
    for (const { description } of [sigv4, token, bearer]) expect(description).toMatch(/^At an? `/);
    for (const operation of operations) {
      const { security } = described(operation.id);
      expect([operation.id, security]).toEqual([
        operation.id,
        operation.rule === undefined ? [] : undefined,
      ]);
    }
  });

  it("tells statuses and codes of every refusal from its class", () => {
    for (const operation of operations) {
      for (const refusal of refusalsOf(operation).map(exampleOf)) {
        expect(Number.isInteger(refusal.status)).toBe(true);
        expect(refusal.message).not.toMatch(/undefined|\[object|NaN/);
        const response = described(operation.id).responses[refusal.status];
        expect(response.description).toContain(refusal.code);
      }
    }
    const conflict = described("inventories/replace").responses["409"];
    expect(conflict.description).toContain("- `placement.inventory.inuse`: ");
    expect(conflict.description).toContain(
      "- `placement.concurrent_update`: resource provider generation conflict",
    );
    expect(described("reshaper/reshape").responses["400"].description).toContain(
      "`placement.resource_provider.not_found`",
    );
    expect(described("inventories/delete-all").responses).toHaveProperty("405");
    expect(described("root/show").responses).not.toHaveProperty("401");
  });

  it("says in which microversions what holds", () => {
    expect(described("resource-providers/create").responses["201"]["x-openstack"]).toEqual({
      "min-ver": "1.0",
      "max-ver": "1.19",
    });
    expect(described("resource-providers/create").responses["200"]["x-openstack"]).toEqual({
      "min-ver": "1.20",
    });
    expect(parameter("resource-providers/list", "in_tree")["x-openstack"]).toEqual({
      "min-ver": "1.14",
    });
    expect(parameter("resource-providers/list", "name")["x-openstack"]).toBeUndefined();
    expect(parameter("usages/show", "project_id").required).toBe(true);
    expect(parameter("usages/show", "user_id").required).toBe(false);
    expect(described("allocations/replace")["x-openstack"].changes).toEqual([
      "1.8",
      "1.12",
      "1.28",
      "1.34",
      "1.38",
    ]);
    const { requestBody } = described("allocations/replace");
    expect(requestBody.content["application/json"].schema.anyOf).toHaveLength(6);
    const rename = described("resource-classes/update").requestBody;
    expect(rename).toMatchObject({
      required: false,
      "x-openstack": { "min-ver": "1.2", "max-ver": "1.6" },
    });
    expect(made.components.schemas["allocations_replace.request.1.8"]).toMatchObject({
      title: "1.8 to 1.11",
      "x-openstack": { "min-ver": "1.8", "max-ver": "1.11" },
      required: ["allocations", "project_id", "user_id"],
    });
  });
});

describe("GET /openapi.json", () => {
  const api = useApi();

  it.each([null, "1.0", "1.39", "latest"])(
    "answers without a token, version %s",
    async (version) => {
      const headers = { accept: "text/html" };
      const answer = await api.request("GET", "/openapi.json", { version, token: null, headers });
      expect(answer.status).toBe(200);
      expect(answer.headers["content-type"]).toBe("application/json");
      expect(answer.body).toEqual(made);
    },
  );

  it("refuses versions and methods as every other path does", async () => {
    const unserved = await api.request("GET", "/openapi.json", { version: "1.40", token: null });
    expect(unserved.status).toBe(406);
    expect((await api.request("PUT", "/openapi.json", { token: null })).status).toBe(401);
    const wrong = await api.request("PUT", "/openapi.json");
    expect(wrong.status).toBe(405);
    expect(wrong.headers["allow"]).toBe("GET");
    expect((await api.request("GET", "/openapi.json/")).status).toBe(404);
  });
});
