/** The settings under the context key `placement`, and the program that reads them. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { App, Aws, Stack } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { afterAll, describe, expect, it } from "vitest";
import { BadSettings } from "../../infra/bad-settings.ts";
import { type Caller, mapCallers } from "../../infra/callers.ts";
import { functionEnvironment, variableOf } from "../../infra/environment.ts";
import { readSettings } from "../../infra/settings.ts";
import { makeStacks } from "../../infra/stages.ts";
import { DEFAULT_CONFIGURATION } from "../../lib/api/configuration.ts";
import { environmentSchema, runtimeFrom } from "../../lib/api/deployed-runtime.ts";

/** Milliseconds for the program, which loads the CDK and bundles the functions. */
const PROGRAM_TIMEOUT = 240_000;

const run = promisify(execFile);
const outdir = mkdtempSync(join(tmpdir(), "placement-app-"));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

const ARN = (service: string, name: string) => `arn:aws:${service}:eu-west-1:123456789012:${name}`;
const KEYSTONE = {
  kind: "keystone",
  url: "https://keystone.example/v3",
  secretArn: ARN("secretsmanager", "secret:placement-AbCdEf"),
};
const JWT = { kind: "jwt", issuer: "https://issuer.example", audience: "placement" };
const PLACE = {
  domainName: "cloud.example",
  certificateArn: ARN("acm", "certificate/1"),
  mappingKey: "a",
};
const POLICY = {
  Statement: [{ Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: "*" }],
};
const HIDDEN = { private: { vpcEndpointIds: ["vpce-0123456789abcdef0"] } };

const ROLE = "arn:aws:iam::123456789012:role/nova";

/** The app as the CDK's command line runs it. */
function runApp(settings: unknown) {
  const { context, app: command } = JSON.parse(readFileSync("cdk.json", "utf8"));
  const [program, ...args] = command.split(" ");
  return run(program, args, {
    env: {
      PATH: process.env["PATH"],
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, placement: settings }),
    },
  });
}

it("makes the app's assembly without a word", { timeout: PROGRAM_TIMEOUT }, async () => {
  const prod = { account: "123456789012", region: "eu-west-1", terminationProtection: true };
  const settings = { stackName: "cell1", rateLimit: 5, stages: { dev: { rateLimit: 1 }, prod } };
  const { stdout, stderr } = await runApp(JSON.stringify(settings));
  expect({ stdout, stderr }).toEqual({ stdout: "", stderr: "" });
  // biome-ignore lint/suspicious/noExplicitAny: an assembly's files have no types
  const read = (...path: string[]): any => JSON.parse(readFileSync(join(outdir, ...path), "utf8"));
  const stackIn = (stage: string) => {
    const folder = `assembly-${stage}`;
    // biome-ignore lint/suspicious/noExplicitAny: as above
    const { environment, properties } = Object.values<any>(
      read(folder, "manifest.json").artifacts,
    ).find(({ type }) => type === "aws:cloudformation:stack");
    const { templateFile, stackName, terminationProtection = false } = properties;
    const { Outputs, Resources } = read(folder, templateFile);
    expect(Outputs).toMatchObject({ Url: {}, IamUrl: {}, TableName: {} });
    // biome-ignore lint/suspicious/noExplicitAny: as above
    const { Properties } = Object.values<any>(Resources).find(({ Type }) => {
      return Type === "AWS::ApiGatewayV2::Stage";
    });
    const { ThrottlingRateLimit: rate } = Properties.DefaultRouteSettings;
    return [stackName, environment, terminationProtection, rate];
  };
  expect(stackIn("dev")).toEqual(["cell1-dev", "aws://unknown-account/unknown-region", false, 1]);
  expect(stackIn("prod")).toEqual(["cell1-prod", "aws://123456789012/eu-west-1", true, 5]);
});

describe.each<[string, unknown]>([
  ["placement.stages.Prod", { stages: { Prod: {} } }],
  ["placement.stages.prod.account", { stages: { prod: { account: "1" } } }],
  ["placement.stages", { stages: {} }],
  ["ratelimit", { stages: { prod: { ratelimit: 1 } } }],
  ["any any cell1 twice", { stages: { a: { stackName: "cell1" }, b: { stackName: "cell1" } } }],
  ["placement", "[]"],
])("refuses stages for %s", (words, settings) => {
  it(JSON.stringify(settings), () => {
    expect(() => makeStacks(new App(), settings)).toThrow(BadSettings);
    expect(() => makeStacks(new App(), settings)).toThrow(words);
  });
});

describe.each<[string, Record<string, unknown>[]]>([
  ["placement.endpoints", []],
  ["placement.endpoints.0.kind", [{ kind: "noauth" }]],
  ["placement.endpoints.0.url", [{ ...KEYSTONE, url: "keystone" }]],
  ["placement.endpoints.0.secretArn", [{ ...KEYSTONE, secretArn: "placement" }]],
  ["placement.endpoints.0.claims", [{ ...JWT, claims: { role: "roles" } }]],
  ["placement.endpoints.0.authorizerCache", [{ ...JWT, authorizerCache: 3_601 }]],
  ["endpoints has iam twice", [{ kind: "iam" }, { kind: "iam", rest: true }]],
  [
    "endpoints has cloud.example/a twice",
    [
      { kind: "iam", ...PLACE },
      { ...JWT, ...PLACE },
    ],
  ],
  ["basePath", [{ kind: "iam", basePath: "placement" }]],
  ["domainName and certificate together", [{ kind: "iam", domainName: "cloud.example" }]],
  ["mappingKey", [{ kind: "iam", mappingKey: "placement" }]],
  ["needs a domainName", [{ kind: "iam", disableExecuteApiEndpoint: true }]],
  ["needs rest", [{ kind: "iam", resourcePolicy: POLICY }]],
  ["is private", [{ kind: "iam", ...HIDDEN, ...PLACE }]],
  ["has a resource policy of its own", [{ kind: "iam", ...HIDDEN, resourcePolicy: POLICY }]],
  ["no policy of IAM", [{ kind: "iam", rest: true, resourcePolicy: { Statement: "*" } }]],
  ["cannot be read", [{ ...JWT, caFile: "/nothing/here.pem" }]],
  ["certificates as PEM", [{ ...JWT, caFile: "package.json" }]],
])("refuses endpoints: %s", (words, endpoints) => {
  it(JSON.stringify(endpoints).slice(0, 80), () => {
    const make = () => makeStacks(new App(), { endpoints });
    expect(make).toThrow(BadSettings);
    expect(make).toThrow(words);
    expect(make).not.toThrow("\n");
  });
});

it("ends the app with one line that says what is wrong", { timeout: PROGRAM_TIMEOUT }, async () => {
  const failure = await runApp({ policyRules: { x: "(" } }).catch((error) => error);
  expect(failure.code).toBe(1);
  expect(failure.stderr).toMatch(/^A setting is wrong\. .*rule x.*\n$/);
});

it("has a default for everything", () => {
  expect(readSettings(undefined)).toEqual({ stackName: "placement", callers: {} });
});

describe.each<[string, unknown]>([
  ["placement", "{"],
  ["placement", []],
  ["ratelimit", { ratelimit: 5 }],
  ["placement.stackName", { stackName: "-" }],
  ["placement.policy", { policy: "/etc/placement/policy.json" }],
  ["placement.callers.nova", { callers: { nova: ["service"] } }],
  ["placement.callers.arn:aws:sts", { callers: { "arn:aws:sts::123456789012:x": [] } }],
  [`placement.callers.${ROLE}`, { callers: { [ROLE]: "service" } }],
  ["placement.corsOrigins.0", { corsOrigins: ["horizon.example"] }],
  ["placement.corsOrigins.0", { corsOrigins: ["https://horizon.example/path"] }],
  ["placement.logRetention", { logRetention: 31 }],
  ["placement.logRetention", { logRetention: 9999 }],
  ["placement.memorySize", { memorySize: 128 }],
  ["placement.maxChangeItems", { maxChangeItems: "200" }],
  ["placement.idleConsumerAge", { idleConsumerAge: 1 }],
  ["placement.tableName", { tableName: "a" }],
  ["placement.encryptionKeyArn", { encryptionKeyArn: "alias/key" }],
])("refuses what is wrong with %s", (place, settings) => {
  it(JSON.stringify(settings), () => {
    expect(() => readSettings(settings)).toThrow(BadSettings);
    expect(() => readSettings(settings)).toThrow(place);
  });
});

describe("the functions' configuration", () => {
  const environment = (configuration: Record<string, unknown>) =>
    functionEnvironment({ tableName: "table", callers: [], configuration });

  it("has a variable for each setting, which the functions read", () => {
    const known = Object.keys(environmentSchema.shape);
    for (const name of Object.keys(DEFAULT_CONFIGURATION))
      expect(known).toContain(variableOf(name));
    expect(environment({ corsOrigins: ["https://a", "https://b"] })).toEqual({
      TABLE_NAME: "table",
      PLACEMENT_CORS_ORIGINS: "https://a,https://b",
    });
  });

  it("arrives at the functions as it was given", () => {
    const given = { ...DEFAULT_CONFIGURATION, corsOrigins: ["https://a"], snapshotMaxAge: 30 };
    expect(runtimeFrom(environment(given)).configuration).toEqual(given);
  });

  it.each([
    ["PLACEMENT_POLICY", { policy: "lenient" }],
    ["PLACEMENT_MAX_CHANGE_ITEMS", { maxChangeItems: 99 }],
    ["PLACEMENT_SURPLUS", { surplus: 1 }],
    ["4096", { incompleteUser: "u".repeat(4_096) }],
  ])("is refused where the functions would not start: %s", (word, configuration) => {
    expect(() => environment(configuration)).toThrow(BadSettings);
    expect(() => environment(configuration)).toThrow(word);
    expect(() => environment(configuration)).not.toThrow("\n");
  });
});

describe("a caller's unique id", () => {
  const stack = new Stack(new App(), "ids");
  const mapped = (caller: Caller) =>
    functionEnvironment({
      tableName: "table",
      callers: mapCallers(stack, [caller]),
      configuration: {},
    })["PLACEMENT_IAM_ROLES"];
  const ID = "AROAEXAMPLEEXAMPLE123";

  it("is told to the functions with the roles, and only where it is given", () => {
    const given = { principal: ROLE, placementRoles: ["service"] };
    expect(mapped({ ...given, principalId: ID })).toBe(
      `{"${ROLE}":{"roles":["service"],"id":"${ID}"}}`,
    );
    expect(mapped(given)).toBe(`{"${ROLE}":["service"]}`);
    expect(readSettings({ callers: { [ROLE]: ["service"] } }).callers[ROLE]).toEqual({
      roles: ["service"],
    });
  });

  it("may be that of a role which the same app makes", () => {
    const principal = new Role(stack, "Made", {
      assumedBy: new ServicePrincipal("ec2.amazonaws.com"),
    });
    const text = stack.resolve(
      mapped({ principal, placementRoles: [], principalId: principal.roleId }),
    );
    const role = stack.getLogicalId(principal.node.defaultChild as never);
    expect(text["Fn::Join"][1]).toContainEqual({ "Fn::GetAtt": [role, "RoleId"] });
  });

  it("is one of the principal's kind", () => {
    for (const principalId of ["AIDAEXAMPLEEXAMPLE123", "nova", ""]) {
      expect(() => mapped({ principal: ROLE, placementRoles: [], principalId })).toThrow(
        BadSettings,
      );
    }
  });
});

describe("a caller's ARN", () => {
  const stack = new Stack(new App(), "callers");
  const arnOf = (principal: string | Role) =>
    stack.resolve(mapCallers(stack, [{ principal, placementRoles: [] }])[0]?.arn);

  it("is a role's without its path, and a user's as it is", () => {
    expect(arnOf("arn:aws:iam::123456789012:role/compute/eu/nova")).toBe(ROLE);
    expect(arnOf(ROLE)).toBe(ROLE);
    const user = "arn:aws:iam::123456789012:user/ops/anna";
    expect(arnOf(user)).toBe(user);
  });

  it("is made of the name of a role that the same app makes", () => {
    const assumedBy = new ServicePrincipal("ec2.amazonaws.com");
    const role = new Role(stack, "Nova", { assumedBy, path: "/compute/" });
    const { "Fn::Join": parts } = arnOf(role) as unknown as { "Fn::Join": [string, unknown[]] };
    expect(parts[1].at(-1)).toEqual({ Ref: stack.getLogicalId(role.node.defaultChild as never) });
    expect(JSON.stringify(parts)).toContain("/");
    expect(JSON.stringify(parts)).not.toContain("compute");
  });

  it("is known when the stack is made, or the role itself is given", () => {
    const assumedBy = new ServicePrincipal("ec2.amazonaws.com");
    const role = new Role(stack, "Later", { assumedBy, path: "/compute/" });
    for (const principal of [role.roleArn, `arn:aws:iam::1:role/${role.roleName}`]) {
      for (const id of [undefined, "AROAEXAMPLEEXAMPLE123"]) {
        const caller = { principal, placementRoles: [], principalId: id };
        expect(() => mapCallers(stack, [caller])).toThrow(BadSettings);
        expect(() => mapCallers(stack, [caller])).toThrow("give the role or user itself");
      }
    }
    expect(JSON.stringify(arnOf(`arn:aws:iam::${Aws.ACCOUNT_ID}:role/compute/nova`))).toContain(
      ":role/nova",
    );
  });

  it("is named once", () => {
    const twice = [ROLE, ROLE.replace("role/", "role/path/")];
    const callers = twice.map((principal) => ({ principal, placementRoles: ["service"] }));
    expect(() => mapCallers(stack, callers)).toThrow(`${ROLE} twice`);
  });
});
