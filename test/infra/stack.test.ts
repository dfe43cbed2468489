/** The table's protection, the routes, the schedules, and the limits of a stack. */
import { AwsSolutionsChecks, type NagPack, ServerlessChecks } from "cdk-nag";
import { afterAll, describe, expect, it } from "vitest";
import { refuseUnrouted } from "../../functions/fallback/refuse.ts";
import { operations, tasks } from "../../functions/index.ts";
import { TABLE_SCHEMA } from "../../lib/store/table-schema.ts";
import { type Assembly, functionBehind, synthesize } from "./support/assembly.ts";

/** CloudFormation's limits on a stack and on a template. */
const MAX_RESOURCES = 500;
const MAX_TEMPLATE = 1_000_000;
const MAX_ROUTES = 300;

/** The only routes for everybody; they read nothing of the table. */
const OPEN = ["GET /", "GET /openapi.json"];

const KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555";

const plain = synthesize();
const full = synthesize({
  stackName: "cell1",
  corsOrigins: ["https://horizon.example"],
  encryptionKeyArn: KEY,
  idleConsumerAge: 86_400,
  verifyInterval: 3_600,
  logRetention: 365,
  rateLimit: 50,
  burstLimit: 60,
  memorySize: 1_769,
});
const restored = synthesize({ tableName: "placement-restored" });
afterAll(() => {
  for (const assembly of [plain, full, restored]) assembly.remove();
});

function routes(assembly: Assembly): Map<string, { authorization: string; target: string }> {
  return new Map(
    assembly.ofType("AWS::ApiGatewayV2::Route").map(([, route]) => {
      const target = assembly.resources[functionBehind(assembly, route)]?.Properties.FunctionName;
      const { RouteKey, AuthorizationType: authorization } = route.Properties;
      return [RouteKey, { authorization, target }];
    }),
  );
}

describe("the table", () => {
  const table = plain.only("AWS::DynamoDB::Table");

  it("is on demand, of the store's shape, without indexes", () => {
    const { partitionKey, sortKey, keyType } = TABLE_SCHEMA;
    expect(table.Properties.BillingMode).toBe("PAY_PER_REQUEST");
    expect(table.Properties.AttributeDefinitions).toEqual([
      { AttributeName: partitionKey, AttributeType: keyType },
      { AttributeName: sortKey, AttributeType: keyType },
    ]);
    expect(table.Properties.KeySchema).toEqual([
      { AttributeName: partitionKey, KeyType: "HASH" },
      { AttributeName: sortKey, KeyType: "RANGE" },
    ]);
    expect(table.Properties.TimeToLiveSpecification).toEqual({
      AttributeName: TABLE_SCHEMA.timeToLive,
      Enabled: true,
    });
    expect(table.Properties).not.toHaveProperty("GlobalSecondaryIndexes");
    expect(table.Properties).not.toHaveProperty("LocalSecondaryIndexes");
  });

  it("can be restored to a point in time, is encrypted, and outlives the stack", () => {
    expect(table.Properties.PointInTimeRecoverySpecification).toEqual({
      PointInTimeRecoveryEnabled: true,
    });
    expect(table.Properties.SSESpecification).toEqual({ SSEEnabled: true });
    expect(table.Properties.DeletionProtectionEnabled).toBe(true);
    expect(table.DeletionPolicy).toBe("Retain");
    expect(table.UpdateReplacePolicy).toBe("Retain");
  });

  it("is encrypted with the operator's key, which the functions may use for it only", () => {
    const { SSESpecification } = full.only("AWS::DynamoDB::Table").Properties;
    expect(SSESpecification).toEqual({ KMSMasterKeyId: KEY, SSEEnabled: true, SSEType: "KMS" });
    const reading = ["kms:Decrypt", "kms:DescribeKey"];
    const writing = [
      "kms:Encrypt",
      "kms:GenerateDataKey",
      "kms:GenerateDataKeyWithoutPlaintext",
      "kms:ReEncryptFrom",
      "kms:ReEncryptTo",
    ];
    for (const [, { Properties }] of full.ofType("AWS::IAM::Role")) {
      const [, table, key, ...others] = Properties.Policies[0].PolicyDocument.Statement;
      expect(others).toEqual([]);
      if (table === undefined) continue;
      const writes = table.Action.includes("dynamodb:PutItem");
      expect(key.Action).toEqual(writes ? [...reading, ...writing].sort() : reading);
      expect(key).toMatchObject({
        Effect: "Allow",
        Resource: KEY,
        Condition: { StringLike: { "kms:ViaService": "dynamodb.*" } },
      });
    }
  });

  it("is another one if the operator names one, with no further rights", () => {
    expect(restored.ofType("AWS::DynamoDB::Table")).toEqual([]);
    const [, reader] = restored
      .ofType("AWS::IAM::Role")
      .map(([, { Properties }]) => Properties.Policies[0].PolicyDocument.Statement)
      .filter((statements) => statements.length > 1)[0];
    expect(JSON.stringify(reader.Resource)).toContain(":table/placement-restored");
    expect(restored.outputs["TableName"]?.Value).toBe("placement-restored");
  });
});

describe("the HTTP API", () => {
  it("has the routes of the list, and $default for the rest", () => {
    const wanted = [...operations, refuseUnrouted].map(({ route, id }) => {
      const target = `placement-${id.replaceAll("/", "-")}`;
      return [route, { authorization: OPEN.includes(route) ? "NONE" : "AWS_IAM", target }];
    });
    expect(routes(plain)).toEqual(new Map(wanted as never));
    expect(routes(plain).size).toBeLessThan(MAX_ROUTES);
    for (const [, { Properties }] of plain.ofType("AWS::ApiGatewayV2::Integration")) {
      expect(Properties).toMatchObject({
        IntegrationType: "AWS_PROXY",
        PayloadFormatVersion: "2.0",
      });
    }
  });

  it("lets the preflight requests of browsers through where origins are set, and only these", () => {
    const added = [...routes(full)].filter(([key]) => !routes(plain).has(key));
    const target = "cell1-fallback-refuse";
    expect(Object.fromEntries(added)).toEqual({
      "OPTIONS /{proxy+}": { authorization: "NONE", target },
      "OPTIONS /": { authorization: "NONE", target },
    });
    expect(full.only("AWS::ApiGatewayV2::Api").Properties).not.toHaveProperty("CorsConfiguration");
  });

  it("logs each request as JSON and limits how many there are", () => {
    const { Properties: stage } = plain.only("AWS::ApiGatewayV2::Stage");
    expect(stage).toMatchObject({ StageName: "$default", AutoDeploy: true });
    expect(JSON.parse(stage.AccessLogSettings.Format)).toMatchObject({ status: "$context.status" });
    expect(stage.DefaultRouteSettings).toEqual({
      ThrottlingRateLimit: 500,
      ThrottlingBurstLimit: 1_000,
    });
    expect(full.only("AWS::ApiGatewayV2::Stage").Properties.DefaultRouteSettings).toEqual({
      ThrottlingRateLimit: 50,
      ThrottlingBurstLimit: 60,
    });
  });
});

it("runs by itself only what has to", () => {
  const schedules = (assembly: Assembly) =>
    assembly.ofType("AWS::Events::Rule").map(([, { Properties }]) => {
      const [target, ...others] = Properties.Targets;
      expect(others).toEqual([]);
      const name = assembly.resources[target.Arn["Fn::GetAtt"][0]]?.Properties.FunctionName;
      return [name, Properties.ScheduleExpression, JSON.parse(target.Input)];
    });
  const finish = ["rate(5 minutes)", { batch_size: 500 }];
  expect(schedules(plain)).toEqual([["placement-maintenance-finish-changes", ...finish]]);
  expect(schedules(full)).toEqual([
    ["cell1-maintenance-finish-changes", ...finish],
    [
      "cell1-maintenance-delete-idle-consumers",
      "rate(15 minutes)",
      { batch_size: 500, older_than: 86_400 },
    ],
    ["cell1-maintenance-verify-table", "rate(1 hour)", { batch_size: 500, resume: true }],
  ]);
  expect(full.ofType("AWS::Lambda::EventInvokeConfig")).toHaveLength(3);
});

describe.each([
  ["with defaults", plain, 30],
  ["with everything set", full, 365],
  ["with a restored table", restored, 30],
])("the stack %s", (_, assembly, days) => {
  it("stays within CloudFormation's limits", () => {
    expect(Object.keys(assembly.resources).length).toBeLessThan(MAX_RESOURCES);
    expect(assembly.templateBytes).toBeLessThan(MAX_TEMPLATE);
  });

  it("keeps every log for the time that is set, and none for ever", () => {
    const groups = assembly.ofType("AWS::Logs::LogGroup");
    expect(groups).toHaveLength(operations.length + tasks.length + 2);
    for (const [, group] of groups) expect(group.Properties.RetentionInDays).toBe(days);
  });

  it.each<[string, new () => NagPack]>([
    ["AwsSolutions", AwsSolutionsChecks],
    ["Serverless", ServerlessChecks],
  ])("has no finding of cdk-nag's %s that is not explained", (_pack, Pack) => {
    const findings = new Pack().validateScope(assembly.stack).violations.map((finding) => {
      return `${finding.ruleName}: ${finding.violatingResources[0]?.constructPath}`;
    });
    expect(findings).toEqual([]);
  });
});

it("gives a reason for each rule that it does not follow", () => {
  const reasons = plain.stack.node.findAll().flatMap(({ node }) => node.metadata);
  const acknowledged = reasons.filter(({ type }) => type === "aws:cdk:acknowledged-rules");
  expect(acknowledged.length).toBeGreaterThan(0);
  for (const { data } of acknowledged) {
    for (const reason of Object.values(data as Record<string, string>)) {
      expect(reason.length).toBeGreaterThan(40);
    }
  }
});
