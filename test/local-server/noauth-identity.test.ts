import { describe, expect, it } from "vitest";
import { noauthIdentity } from "../../lib/local/noauth-identity.ts";

describe("identity from headers", () => {
  it.each([
    [{}, undefined],
    [{ "x-auth-token": "" }, undefined],
    [{ "x-auth-token": "admin" }, { user: "admin", project: "admin", roles: ["admin"] }],
    [{ "x-auth-token": "ann" }, { user: "ann", project: "ann", roles: [] }],
    [{ authorization: "Bearer ann:p" }, { user: "ann", project: "p", roles: [] }],
    [
      { authorization: "Bearer admin", "x-auth-token": "ann" },
      { user: "ann", roles: [] },
    ],
    [{ authorization: "Basic YWRtaW46" }, undefined],
    [{ "x-auth-token": "ann:p:q" }, { user: "ann", project: "p:q", roles: [] }],
    [
      { "x-auth-token": "ann:p", "x-project-id": "r" },
      { user: "ann", project: "r" },
    ],
    [{ "x-auth-token": "admin", "x-roles": " member, reader " }, { roles: ["member", "reader"] }],
    [{ "x-auth-token": "admin", "x-roles": "" }, { roles: [] }],
    [{ "x-auth-token": "admin", "openstack-system-scope": "" }, { system: false }],
    [
      { "x-auth-token": "admin:p", "openstack-system-scope": "all", "x-project-id": "r" },
      { user: "admin", project: undefined, roles: ["admin"], system: true },
    ],
  ])("%j is %j", async (headers: Record<string, string>, expected) => {
    const identity = await noauthIdentity({ headers, endpoint: undefined, authorizer: undefined });
    if (expected === undefined) expect(identity).toBeUndefined();
    else expect(identity).toMatchObject(expected);
  });

  it("believes no authorizer", async () => {
    const authorizer = { iam: { userArn: "arn:aws:iam::1:role/admin", accountId: "1" } };
    expect(await noauthIdentity({ headers: {}, endpoint: "iam", authorizer })).toBeUndefined();
  });
});
