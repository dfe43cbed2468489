/** Who an IAM signer is, and which roles of Placement the configuration gives to it. */
import { describe, expect, test } from "vitest";
import { deployedIdentity } from "../../lib/api/deployed-identity.ts";
import { runtimeFrom } from "../../lib/api/deployed-runtime.ts";
import { principalArn, type RoleMap, roleMapSchema } from "../../lib/api/iam-identity.ts";
import { authorizerOf } from "../support/events.ts";

const NOVA = "arn:aws:iam::123456789012:role/nova";
const SESSION = "arn:aws:sts::123456789012:assumed-role/nova/session";

const identityOf = (map: RoleMap, authorizer: unknown) =>
  deployedIdentity(map, { now: () => 0 })({
    headers: { "x-auth-token": "admin", "x-roles": "admin" },
    endpoint: "iam",
    authorizer,
  });

const rolesOf = async (map: RoleMap, userArn: string, userId?: string) =>
  (await identityOf(map, authorizerOf(userArn, userId)))?.roles;

describe("the principal", () => {
  test.each([
    [SESSION, NOVA],
    ["arn:aws-cn:sts::123456789012:assumed-role/nova/s", "arn:aws-cn:iam::123456789012:role/nova"],
    [
      "arn:aws-us-gov:sts::210987654321:assumed-role/nova/s",
      "arn:aws-us-gov:iam::210987654321:role/nova",
    ],
    ["arn:aws-iso-b:sts::000000000001:assumed-role/n/s", "arn:aws-iso-b:iam::000000000001:role/n"],
    // What IAM allows in the names of roles and sessions.
    [
      "arn:aws:sts::123456789012:assumed-role/N_o+v=a,.@-1/a.b@c=d,e+f-g_h",
      "arn:aws:iam::123456789012:role/N_o+v=a,.@-1",
    ],
    ["arn:aws:sts::123456789012:assumed-role/nova/role", NOVA],
    [
      "arn:aws:sts::123456789012:assumed-role/constructor/s",
      "arn:aws:iam::123456789012:role/constructor",
    ],
  ])("of the session %s is the role %s", (userArn, role) => {
    expect(principalArn(userArn)).toBe(role);
  });

  test.each([
    "arn:aws:iam::123456789012:user/nova",
    "arn:aws:iam::123456789012:user/a/path/nova",
    "arn:aws:iam::123456789012:root",
    "arn:aws:sts::123456789012:federated-user/nova",
    "arn:aws:sts::123456789012:federated-user/assumed-role",
    // No form that AWS has: nothing is made of them.
    "arn:aws:sts::123456789012:assumed-role/nova",
    "arn:aws:sts::123456789012:assumed-role/nova/",
    "arn:aws:sts::123456789012:assumed-role//session",
    "arn:aws:sts::123456789012:assumed-role/path/nova/session",
    "arn:aws:sts::123456789012:assumed-role/nova/session\nx",
    "arn:aws:sts::account:assumed-role/nova/session",
    "arn:aws:sts:us-east-1:123456789012:assumed-role/nova/session",
    "arn:AWS:sts::123456789012:assumed-role/nova/session",
    " arn:aws:sts::123456789012:assumed-role/nova/session",
    `x${SESSION}`,
  ])("of %j is what it says", (userArn) => {
    expect(principalArn(userArn)).toBe(userArn);
  });
});

describe("an identity", () => {
  test("is the role's, of the signer's account, whatever the headers say", async () => {
    expect(await identityOf({ [NOVA]: ["service"] }, authorizerOf(SESSION))).toEqual({
      kind: "iam",
      user: NOVA,
      project: "123456789012",
      roles: ["service"],
      system: false,
    });
  });

  test.each([
    undefined,
    null,
    "iam",
    {},
    [],
    { iam: null },
    { iam: {} },
    { iam: { userArn: NOVA } },
    { iam: { userArn: "", accountId: "1" } },
    { iam: { userArn: [SESSION], accountId: "123456789012" } },
    { iam: { userArn: SESSION, accountId: 123456789012 } },
    { jwt: { claims: { sub: SESSION } } },
    { lambda: { userArn: SESSION, accountId: "123456789012" } },
  ])("is not made of %j", async (authorizer) => {
    expect(await identityOf({ [NOVA]: ["service"] }, authorizer)).toBeUndefined();
  });
});

describe("roles", () => {
  test.each([
    ["another account", "arn:aws:sts::123456789013:assumed-role/nova/session"],
    ["another partition", "arn:aws-cn:sts::123456789012:assumed-role/nova/session"],
    ["another role", "arn:aws:sts::123456789012:assumed-role/nova2/session"],
    ["another case", "arn:aws:sts::123456789012:assumed-role/Nova/session"],
    ["a user of that name", "arn:aws:iam::123456789012:user/nova"],
    ["a federated user of that name", "arn:aws:sts::123456789012:federated-user/nova"],
    ["a session of that name", "arn:aws:sts::123456789012:assumed-role/other/nova"],
    ["the root of the account", "arn:aws:iam::123456789012:root"],
  ])("are not given to %s", async (_, userArn) => {
    expect(await rolesOf({ [NOVA]: ["service"] }, userArn)).toEqual([]);
  });

  test.each([
    "arn:aws:iam::123456789012:user/ops/ann",
    "arn:aws:iam::123456789012:root",
    "arn:aws:sts::123456789012:federated-user/ann",
  ])("are given to %s by its own ARN", async (userArn) => {
    expect(await rolesOf({ [userArn]: ["reader"] }, userArn)).toEqual(["reader"]);
  });

  test.each(["constructor", "__proto__", "toString", "hasOwnProperty"])(
    "are not found in what every object has: %s",
    async (userArn) => {
      expect(await rolesOf({}, userArn)).toEqual([]);
      const authorizer = { iam: { userArn, accountId: "1" } };
      expect((await identityOf({ [NOVA]: ["service"] }, authorizer))?.roles).toEqual([]);
    },
  );
});

describe("roles of an entry with an id", () => {
  const map: RoleMap = { [NOVA]: { roles: ["service"], id: "AROAFIRST" } };

  test("are given where ARN and id are the caller's, in any session", async () => {
    for (const userId of ["AROAFIRST:session", "AROAFIRST:a@b=c", "AROAFIRST:x:y", "AROAFIRST"]) {
      expect(await rolesOf(map, SESSION, userId), userId).toEqual(["service"]);
    }
  });

  test.each([
    ["made again", "AROASECOND:session"],
    ["with a session named as the id", "AROASECOND:AROAFIRST"],
    ["whose id goes on", "AROAFIRST2:session"],
    ["whose id stops before", "AROAFIRS:session"],
    ["of another case", "aroafirst:session"],
    ["without an id", ""],
    ["with a session alone", ":AROAFIRST"],
  ])("are not given to a role %s", async (_, userId) => {
    expect(await rolesOf(map, SESSION, userId)).toEqual([]);
  });

  test.each([undefined, null, 5, ["AROAFIRST:session"]])(
    "are not given where API Gateway tells no id: %j",
    async (userId) => {
      const { iam } = authorizerOf(SESSION);
      const identity = await identityOf(map, { iam: { ...iam, userId } });
      expect(identity).toMatchObject({ user: NOVA, roles: [] });
    },
  );

  test("are not given to another role with that id", async () => {
    const other = "arn:aws:sts::123456789012:assumed-role/other/session";
    expect(await rolesOf(map, other, "AROAFIRST:session")).toEqual([]);
  });

  test("are given to a user by its id, which has no session", async () => {
    const ann = "arn:aws:iam::123456789012:user/ann";
    const users: RoleMap = { [ann]: { roles: ["reader"], id: "AIDAANN" } };
    expect(await rolesOf(users, ann, "AIDAANN")).toEqual(["reader"]);
    expect(await rolesOf(users, ann, "AIDAOTHER")).toEqual([]);
  });
});

describe("the map of the environment", () => {
  const environment = (map: unknown) => ({
    TABLE_NAME: "placement",
    AWS_REGION: "us-east-1",
    PLACEMENT_IAM_ROLES: JSON.stringify(map),
  });

  test("takes lists of roles and entries with an id beside each other", async () => {
    const ann = "arn:aws:iam::123456789012:user/ann";
    const map = { [NOVA]: { roles: ["service"], id: "AROAFIRST" }, [ann]: ["reader"] };
    const { identify } = runtimeFrom(environment(map));
    const ask = async (arn: string, id: string) =>
      (await identify({ headers: {}, endpoint: "iam", authorizer: authorizerOf(arn, id) }))?.roles;
    expect(await ask(SESSION, "AROAFIRST:s")).toEqual(["service"]);
    expect(await ask(SESSION, "AROASECOND:s")).toEqual([]);
    expect(await ask(ann, "AIDAANY")).toEqual(["reader"]);
  });

  test.each([
    "service",
    [5],
    [""],
    null,
    {},
    { roles: ["service"] },
    { id: "AROAFIRST" },
    { roles: "service", id: "AROAFIRST" },
    { roles: ["service"], id: "" },
    { roles: ["service"], id: "AROAFIRST:session" },
    { roles: ["service"], id: 5 },
    { roles: ["service"], ids: "AROAFIRST", id: "AROAFIRST" },
  ])("refuses an entry %j", (entry) => {
    expect(roleMapSchema.safeParse({ [NOVA]: entry }).success).toBe(false);
    expect(() => runtimeFrom(environment({ [NOVA]: entry }))).toThrow();
  });
});
