/** Whose signature counts, and what a role allows, in a played deployment. */

import { SignatureV4 } from "@smithy/signature-v4";
import { describe, expect, it } from "vitest";
import type { HttpRequest } from "../../lib/local/http-parts.ts";
import { Permissions } from "../programs/deployed/assembly/permissions.ts";
import { templateOf } from "../programs/deployed/assembly/template.ts";
import { principal, Sha256, signerOf } from "../programs/deployed/gateway/signature.ts";

const NOW = Date.UTC(2026, 0, 1);
const admin = principal("admin");

/** A signed request, as it is received. */
async function signed(secretAccessKey = admin.secretKey): Promise<HttpRequest> {
  const credentials = { accessKeyId: admin.accessKey, secretAccessKey };
  const signature = new SignatureV4({
    credentials,
    region: "us-east-1",
    service: "execute-api",
    sha256: Sha256,
  });
  const { headers } = await signature.sign(
    {
      method: "PUT",
      protocol: "https:",
      hostname: "api.example",
      path: "/a%20b",
      query: { q: "1" },
      headers: { host: "api.example" },
      body: "{}",
    },
    { signingDate: new Date(NOW) },
  );
  return {
    method: "PUT",
    target: "/a%20b?q=1",
    httpVersion: "1.1",
    rawHeaders: Object.entries(headers).flat(),
    sourceIp: "127.0.0.1",
    localPort: 0,
    body: Buffer.from("{}"),
  };
}

describe("a signature", () => {
  it("names its principal, without the secret", async () => {
    const { secretKey: _secret, ...signer } = admin;
    expect(await signerOf(await signed(), [admin], NOW)).toEqual(signer);
  });

  it.each<[string, Partial<HttpRequest>]>([
    ["method", { method: "POST" }],
    ["path", { target: "/a%20c?q=1" }],
    ["query", { target: "/a%20b?q=2" }],
    ["body", { body: Buffer.from("[]") }],
    ["header", { rawHeaders: [] }],
  ])("does not count for another %s", async (_part, changed) => {
    const request = { ...(await signed()), ...changed };
    expect(await signerOf(request, [admin], NOW)).toBeUndefined();
  });

  it("does not count with another secret, of nobody, or when it is old", async () => {
    expect(await signerOf(await signed("another"), [admin], NOW)).toBeUndefined();
    expect(await signerOf(await signed(), [principal("other")], NOW)).toBeUndefined();
    expect(await signerOf(await signed(), [admin], NOW + 301_000)).toBeUndefined();
  });
});

describe("a role", () => {
  const statement = (Effect: string, Action: string, Resource: string) => {
    return { Effect, Action: [Action], Resource };
  };
  const conditional = { ...statement("Allow", "dynamodb:Scan", "table/a"), Condition: {} };
  const Statement = [
    statement("Allow", "dynamodb:Get*", "table/a"),
    statement("Allow", "dynamodb:PutItem", "table/*"),
    statement("Deny", "dynamodb:PutItem", "table/b"),
    conditional,
  ];
  const Policies = [{ PolicyDocument: { Statement } }];
  const resources = { Role: { Type: "AWS::IAM::Role", Properties: { Policies } } };
  const permissions = new Permissions(templateOf(resources, () => ""));
  const role = "arn:aws:iam::123456789012:role/Role";

  it.each([
    ["dynamodb:GetItem", "table/a", true],
    ["dynamodb:GetItem", "table/b", false],
    ["dynamodb:DeleteItem", "table/a", false],
    ["dynamodb:PutItem", "table/a", true],
    ["dynamodb:PutItem", "table/b", false],
    ["dynamodb:Scan", "table/a", false],
  ])("%s on %s: %s", (action, resource, allowed) => {
    expect(permissions.allows(role, action, resource)).toBe(allowed);
  });

  it("that the template does not have allows nothing", () => {
    expect(permissions.allows("another", "dynamodb:GetItem", "table/a")).toBe(false);
  });
});
