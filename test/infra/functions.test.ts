/** Every operation and task is deployed once, and may do to the table what it declares. */
import { readdirSync } from "node:fs";
import { afterAll, describe, expect, it, test } from "vitest";
import { refuseUnrouted } from "../../functions/fallback/refuse.ts";
import { operations, tasks } from "../../functions/index.ts";
import { environmentSchema } from "../../lib/api/deployed-runtime.ts";
import { type Resource, referred, synthesize } from "./support/assembly.ts";

const CALLER = "arn:aws:iam::123456789012:role/nova";
const assembly = synthesize({
  policy: "legacy",
  callers: { [CALLER]: ["service"] },
  directRoles: ["admin"],
  corsOrigins: ["https://horizon.example"],
  maxChangeItems: 200,
  incompleteProject: "nobody's",
  incompleteUser: "nobody",
});
afterAll(() => assembly.remove());

const table = assembly.ofType("AWS::DynamoDB::Table").map(([id]) => id)[0];
const definitions = [...operations, refuseUnrouted, ...tasks];
const functions = new Map<string, Resource>(
  assembly.ofType("AWS::Lambda::Function").map(([, made]) => [made.Properties.FunctionName, made]),
);

function functionOf(id: string): Resource {
  const found = functions.get(`placement-${id.replaceAll("/", "-")}`);
  if (found === undefined) throw new Error(`${id} is not deployed`);
  return found;
}

it("deploys what the list has, and nothing else", () => {
  const names = definitions.map(({ id }) => `placement-${id.replaceAll("/", "-")}`);
  expect([...functions.keys()].sort()).toEqual(names.sort());
});

describe.each(definitions)("$id", (definition) => {
  const { Properties: made } = functionOf(definition.id);
  const role = assembly.resources[referred(made.Role)]?.Properties;
  const log = assembly.resources[referred(made.LoggingConfig.LogGroup)];

  test("may do to the table what it declares, write its log, and nothing else", () => {
    const [policy, ...others] = role.Policies;
    expect(others).toEqual([]);
    expect(role.ManagedPolicyArns).toBeUndefined();
    const [logs, access, ...more] = policy.PolicyDocument.Statement;
    expect(more).toEqual([]);
    expect(logs).toEqual({
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: { "Fn::GetAtt": [referred(made.LoggingConfig.LogGroup), "Arn"] },
    });
    if (definition.access.length === 0) return expect(access).toBeUndefined();
    const declared = definition.access.map((action: string) => `dynamodb:${action}`);
    expect([access.Action].flat().sort()).toEqual(declared.sort());
    expect(access).toEqual({
      Effect: "Allow",
      Action: access.Action,
      Resource: { "Fn::GetAtt": [table, "Arn"] },
    });
  });

  test("has its role for itself, which only Lambda takes", () => {
    const sharing = [...functions.values()].filter(({ Properties }) => {
      return referred(Properties.Role) === referred(made.Role);
    });
    expect(sharing).toHaveLength(1);
    expect(role.AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: "lambda.amazonaws.com" },
      },
    ]);
  });

  test("runs on Node.js 24 for ARM, and ends before API Gateway gives up", () => {
    expect(made).toMatchObject({
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      Handler: "index.handler",
      MemorySize: 1024,
      Timeout: definition.kind === "task" ? 60 : 28,
    });
    expect(readdirSync(assembly.codeOf(functionOf(definition.id)))).toEqual(["index.mjs"]);
  });

  test("keeps its log for a month", () => {
    expect(log?.Properties).toEqual({
      LogGroupName: `/aws/lambda/${made.FunctionName}`,
      RetentionInDays: 30,
    });
  });

  test("is set up by what the functions read, and by nothing that changes who is believed", () => {
    const { Variables } = made.Environment;
    expect(Variables).toEqual({
      TABLE_NAME: { Ref: table },
      PLACEMENT_POLICY: "legacy",
      PLACEMENT_CORS_ORIGINS: "https://horizon.example",
      PLACEMENT_IAM_ROLES: `{"${CALLER}":["service"]}`,
      PLACEMENT_DIRECT_ROLES: '["admin"]',
      PLACEMENT_MAX_CHANGE_ITEMS: "200",
      PLACEMENT_INCOMPLETE_PROJECT: "nobody's",
      PLACEMENT_INCOMPLETE_USER: "nobody",
    });
    const known = Object.keys(environmentSchema.shape);
    expect(known).toEqual(expect.arrayContaining(Object.keys(Variables)));
    expect(known.filter((name) => /AUTH|TOKEN|IDENTITY/.test(name))).toEqual([]);
    environmentSchema.parse({ ...Variables, TABLE_NAME: "table" });
  });
});

it("invokes each routed function through API Gateway, and each scheduled one by its rule", () => {
  for (const [, { Properties }] of assembly.ofType("AWS::Lambda::Permission")) {
    expect(Properties.Action).toBe("lambda:InvokeFunction");
    expect(["apigateway.amazonaws.com", "events.amazonaws.com"]).toContain(Properties.Principal);
    expect(Properties.SourceArn).toBeDefined();
  }
});
