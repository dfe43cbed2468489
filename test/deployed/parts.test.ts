/** The played parts of AWS by themselves: names, permissions, routes, signatures, tokens. */
import { describe, expect, it, test } from "vitest";
import { matches } from "../programs/deployed/assembly/permissions.ts";
import { Resolver } from "../programs/deployed/assembly/resolver.ts";
import type { PlayedApi, Route } from "../programs/deployed/gateway/api.ts";
import { authorizationsOf } from "../programs/deployed/gateway/authorization.ts";
import { routeFor } from "../programs/deployed/gateway/routes.ts";
import { Throttle } from "../programs/deployed/gateway/throttle.ts";
import { packedHeaders, whose } from "../programs/deployed/shim.ts";

describe("CloudFormation's functions", () => {
  const resolver = new Resolver({
    Table: { Type: "AWS::DynamoDB::GlobalTable" },
    Shows: { Type: "AWS::Lambda::Function", Properties: { FunctionName: "shows" } },
    Alias: {
      Type: "AWS::Lambda::Alias",
      Properties: { FunctionName: { Ref: "Shows" }, Name: "http" },
    },
  });

  it.each([
    [{ Ref: "Table" }, "Table"],
    [{ "Fn::GetAtt": ["Table", "Arn"] }, "arn:aws:dynamodb:us-east-1:123456789012:table/Table"],
    [{ Ref: "Alias" }, "arn:aws:lambda:us-east-1:123456789012:function:shows:http"],
    [{ "Fn::Join": ["-", ["a", { Ref: "AWS::Region" }]] }, "a-us-east-1"],
    [
      { "Fn::Sub": `\${AWS::AccountId}/\${Shows.Arn}` },
      "123456789012/arn:aws:lambda:us-east-1:123456789012:function:shows",
    ],
    [{ "Fn::Select": [1, { "Fn::Split": [":", "a:b"] }] }, "b"],
    [[{ Ref: "AWS::NoValue" }, 1], [1]],
  ])("%j", (given, expected) => {
    expect(resolver.resolve(given)).toEqual(expected);
  });

  it("refuses what is not played", () => {
    expect(() => resolver.resolve({ "Fn::ImportValue": "a" })).toThrow("Fn::ImportValue");
    expect(() => resolver.resolve({ Ref: "Other" })).toThrow("Other");
  });
});

test("patterns of IAM name whole texts", () => {
  expect(matches("arn:aws:s:::a*", "arn:aws:s:::abc")).toBe(true);
  expect(matches("secret-??????", "secret-AbCdEf")).toBe(true);
  expect(matches("secret-??????", "secret-AbCdEfG")).toBe(false);
  expect(matches("dynamodb:Get.tem", "dynamodb:GetItem")).toBe(false);
});

describe("routes", () => {
  const route = (method: string, path: string | undefined): Route => ({
    method,
    path,
    authorization: { kind: "none" },
    target: `${method} ${path}`,
    role: undefined,
  });
  const routes = [
    route("GET", "/a"),
    route("GET", "/a/{b}"),
    route("GET", "/a/c"),
    route("OPTIONS", "/{proxy+}"),
    route("ANY", undefined),
  ];
  const api: PlayedApi = {
    ...{ id: "api", format: "2.0", stage: "$default", variables: {}, routes },
    ...{ limits: undefined, accessLog: "{}" },
  };

  it.each([
    ["GET", "/a", "GET /a"],
    ["GET", "/a/c", "GET /a/c"],
    ["GET", "/a/d", "GET /a/{b}"],
    ["PUT", "/a/d", "ANY undefined"],
    ["OPTIONS", "/a/d", "OPTIONS /{proxy+}"],
    ["GET", "/", "ANY undefined"],
  ])("%s %s", (method, path, target) => {
    expect(routeFor(api, method, path)?.route.target).toBe(target);
  });

  it("of a REST API are chosen by the path alone", () => {
    expect(routeFor({ ...api, format: "1.0" }, "PUT", "/a/d")).toBeUndefined();
  });
});

test("a route takes its burst at once, then as many as its rate, and no other route suffers", () => {
  const throttle = new Throttle((route) => {
    return route === "GET /a" ? { rate: 2, burst: 3 } : { rate: 1, burst: 1 };
  });
  const at = (route: string, now: number) => throttle.lets(route, now);
  expect([0, 0, 0, 0].map((now) => at("GET /a", now))).toEqual([true, true, true, false]);
  expect([0, 1].map((now) => at("GET /b", now))).toEqual([true, false]);
  expect([499, 500, 501, 60_000].map((now) => at("GET /a", now))).toEqual([
    false,
    true,
    false,
    true,
  ]);
});

test("an authorizer without a cache needs no identity source", () => {
  const schemes = authorizationsOf({
    keystone: {
      "x-amazon-apigateway-authorizer": {
        type: "request",
        authorizerUri: "arn:aws:apigateway:r:lambda:path/2015-03-31/functions/arn:f/invocations",
        authorizerResultTtlInSeconds: 0,
      },
    },
  });
  expect(schemes.get("keystone")).toMatchObject({ target: "arn:f", sources: [], kept: 0 });
});

describe("the shim", () => {
  it("packs the caller's headers into a token that the stub Keystone reads", async () => {
    const raw = ["Accept", "*/*", "X-Auth-Token", "u:p", "X-Roles", "reader,member"];
    const [name, value, header, token = ""] = await packedHeaders(raw);
    expect([name, value, header]).toEqual(["Accept", "*/*", "X-Auth-Token"]);
    expect(whose(token)).toEqual({
      user: "u",
      project: "p",
      roles: ["reader", "member"],
      system: false,
    });
  });

  it("leaves a request without a token without one", async () => {
    expect(await packedHeaders(["X-Roles", "admin", "Accept", "*/*"])).toEqual(["Accept", "*/*"]);
    expect(whose("admin")).toBeUndefined();
  });
});
