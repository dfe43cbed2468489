/** The table's protection, the routes, the schedules, and the limits of a stack. */
import { readFileSync } from "node:fs";
import type { CfnGlobalTable } from "aws-cdk-lib/aws-dynamodb";
import { AwsSolutionsChecks, type NagPack, ServerlessChecks } from "cdk-nag";
import { afterAll, describe, expect, it } from "vitest";
import { refuseUnrouted } from "../../functions/fallback/refuse.ts";
import { operations, tasks } from "../../functions/index.ts";
import { BadSettings } from "../../infra/bad-settings.ts";
import { classOf, type FunctionClass } from "../../infra/function-classes.ts";
import { constructId } from "../../infra/names.ts";
import { NO_REPLICAS } from "../../infra/placement-table.ts";
import { TABLE_SCHEMA } from "../../lib/store/table/table-schema.ts";
import { type Assembly, referred, synthesize } from "./support/assembly.ts";
import { apiOf, behind } from "./support/routes.ts";

/** CloudFormation's limit on resources of a stack is 500: what is left is for what is yet to come. */
const MAX_RESOURCES = 390;
const MAX_TEMPLATE = 1_000_000;
const MAX_ROUTES = 300;

/** The only routes for everybody; they read nothing of the table. */
const OPEN = ["GET /", "GET /openapi.json"];

const KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555";

/** In the template too: functions' roles, the integrations' is another one. */
const rolesOfFunctions = (assembly: Assembly) =>
  assembly
    .ofType("AWS::IAM::Role")
    .map(([, { Properties }]) => Properties)
    .filter(({ AssumeRolePolicyDocument }) =>
      JSON.stringify(AssumeRolePolicyDocument).includes("lambda.amazonaws.com"),
    );

const plain = synthesize();
const full = synthesize({
  stackName: "cell1",
  corsOrigins: ["https://horizon.example"],
  encryptionKeyArn: KEY,
  idleConsumerAge: 86_400,
  verifyInterval: 3_600,
  profilePagesInterval: 1_800,
  canaryInterval: 300,
  logRetention: 365,
  rateLimit: 50,
  burstLimit: 60,
  openApiRateLimit: 2,
  openApiBurstLimit: 3,
  memorySize: { lists: 3_008, writes: 1_769 },
  reservedConcurrency: { lists: 20, writes: 30, rest: 5 },
  provisionedConcurrency: { lists: 1, writes: 29 },
  contributorInsights: "throttled",
  warmThroughput: { writes: 9_000 },
  retainLogs: true,
  logClass: "infrequentAccess",
  terminationProtection: true,
});
const restored = synthesize({ tableName: "placement-restored" });
afterAll(() => {
  for (const assembly of [plain, full, restored]) assembly.remove();
});

function routes(assembly: Assembly): Map<string, { authorization: string; target: string }> {
  return new Map(
    apiOf(assembly).routes.map((route) => {
      const target = behind(assembly, route).lambda.Properties.FunctionName;
      return [route.key, { authorization: route.authorization, target }];
    }),
  );
}

describe("the table", () => {
  const table = plain.only("AWS::DynamoDB::GlobalTable");
  const [replica, ...others] = table.Properties.Replicas;

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
    expect(replica.PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: true });
    expect(table.Properties.SSESpecification).toEqual({ SSEEnabled: true, SSEType: "KMS" });
    expect(replica.DeletionProtectionEnabled).toBe(true);
    expect(table.DeletionPolicy).toBe("Retain");
    expect(table.UpdateReplacePolicy).toBe("Retain");
  });

  it("is encrypted with the operator's key, which the functions may use for it only", () => {
    const { SSESpecification, Replicas } = full.only("AWS::DynamoDB::GlobalTable").Properties;
    expect(SSESpecification).toEqual({ SSEEnabled: true, SSEType: "KMS" });
    expect(Replicas[0].SSESpecification).toEqual({ KMSMasterKeyId: KEY });
    const reading = ["kms:Decrypt", "kms:DescribeKey"];
    const writing = [
      "kms:Encrypt",
      "kms:GenerateDataKey",
      "kms:GenerateDataKeyWithoutPlaintext",
      "kms:ReEncryptFrom",
      "kms:ReEncryptTo",
    ];
    for (const { Policies } of rolesOfFunctions(full)) {
      const [, table, key, ...others] = Policies[0].PolicyDocument.Statement;
      // The function of the stream has more: events.test.ts looks at it.
      if (!JSON.stringify(others).includes("GetShardIterator")) expect(others).toEqual([]);
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

  it("is in one region only, also if the app adds others to it", () => {
    expect(others).toEqual([]);
    const { table: construct } = plain.stack.placement;
    expect(plain.stack.placement.node.validate()).toEqual([]);
    const made = construct.node.defaultChild as CfnGlobalTable;
    const replicas = made.replicas;
    made.replicas = [{ region: "eu-west-1" }, { region: "eu-central-1" }];
    expect(plain.stack.placement.node.validate()).toEqual([NO_REPLICAS]);
    made.replicas = replicas;
    expect(() => synthesize({ replicas: [{ region: "eu-west-1" }] })).toThrow(NO_REPLICAS);
    expect(NO_REPLICAS).toContain("atomic in one region only");
  });

  it("shows its hot keys and is warm where that is set, and only there", () => {
    expect(replica).not.toHaveProperty("ContributorInsightsSpecification");
    expect(table.Properties).not.toHaveProperty("WarmThroughput");
    const { Replicas, WarmThroughput } = full.only("AWS::DynamoDB::GlobalTable").Properties;
    expect(Replicas[0].ContributorInsightsSpecification).toEqual({
      Enabled: true,
      Mode: "THROTTLED_KEYS",
    });
    expect(WarmThroughput).toEqual({ ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 9_000 });
    for (const settings of [{ contributorInsights: "all" }, { warmThroughput: {} }]) {
      expect(() => synthesize({ tableName: "other", ...settings })).toThrow(BadSettings);
    }
  });

  it("is another one if the operator names one, with no further rights", () => {
    expect(restored.ofType("AWS::DynamoDB::GlobalTable")).toEqual([]);
    const [, reader] = rolesOfFunctions(restored)
      .map(({ Policies }) => Policies[0].PolicyDocument.Statement)
      .filter((statements) => statements.length > 1)[0];
    expect(JSON.stringify(reader.Resource)).toContain(":table/placement-restored");
    expect(restored.outputs["TableName"]?.Value).toBe("placement-restored");
  });
});

describe("the HTTP API", () => {
  it("has the routes of the list, and $default for the rest", () => {
    const wanted = [...operations, refuseUnrouted].map(({ route, id }) => {
      const target = `placement-${id.replaceAll("/", "-")}`;
      return [route, { authorization: OPEN.includes(route) ? "NONE" : "iam", target }];
    });
    expect(routes(plain)).toEqual(new Map(wanted as never));
    expect(routes(plain).size).toBeLessThan(MAX_ROUTES);
    for (const { integration } of apiOf(plain).routes) {
      expect(integration).toMatchObject({
        type: "aws_proxy",
        httpMethod: "POST",
        payloadFormatVersion: "2.0",
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
    expect(JSON.stringify(apiOf(full).body)).not.toContain("x-amazon-apigateway-cors");
  });

  it("logs each request as JSON and limits how many there are", () => {
    const { Properties: stage } = plain.only("AWS::ApiGatewayV2::Stage");
    expect(stage).toMatchObject({ StageName: "$default", AutoDeploy: true });
    expect(JSON.parse(stage.AccessLogSettings.Format)).toMatchObject({
      status: "$context.status",
      // What the functions' lines and Lambda's own lines are joined by.
      requestId: "$context.requestId",
      lambdaRequestId: "$context.integration.requestId",
      authorizerError: "$context.authorizer.error",
    });
    expect(stage.AccessLogSettings.Format).not.toMatch(/header|token/i);
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

it("lets few requests through to the description, which is open and large", () => {
  const stageOf = (assembly: Assembly) => assembly.only("AWS::ApiGatewayV2::Stage");
  const limits = (assembly: Assembly) => stageOf(assembly).Properties.RouteSettings;
  expect(limits(plain)).toEqual({
    "GET /openapi.json": { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10 },
  });
  expect(limits(full)).toEqual({
    "GET /openapi.json": { ThrottlingRateLimit: 2, ThrottlingBurstLimit: 3 },
  });
});

describe("the capacity of functions", () => {
  const functions = (assembly: Assembly) =>
    assembly.ofType("AWS::Lambda::Function").map(([id, { Properties }]) => {
      const name = Properties.FunctionName.replace(/^(placement|cell1)-/, "");
      return { id, name, Properties };
    });
  const classes = new Map(
    [...operations, refuseUnrouted, ...tasks].map((made) => [constructId(made), classOf(made)]),
  );

  it("is that of the class, which follows from the definition", () => {
    expect(classes.get("allocation-candidates-list")).toBe("lists");
    expect(classes.get("resource-providers-list")).toBe("lists");
    expect(classes.get("allocations-list-by-provider")).toBe("lists");
    for (const name of ["allocations-replace", "allocations-manage", "reshaper-reshape"]) {
      expect(classes.get(name)).toBe("writes");
    }
    for (const name of ["root-show", "fallback-refuse", "maintenance-finish-changes"]) {
      expect(classes.get(name)).toBe("rest");
    }
    const memory = { lists: 3_008, writes: 1_769, rest: 1_024 };
    const reserved = { lists: 20, writes: 30, rest: 5 };
    for (const { name, Properties } of functions(full)) {
      const made = classes.get(name) as FunctionClass;
      expect(Properties.MemorySize).toBe(memory[made]);
      const waiters = name === "events-follow" ? 10 : undefined;
      expect(Properties.ReservedConcurrentExecutions).toBe(waiters ?? reserved[made]);
    }
    for (const { name, Properties } of functions(plain)) {
      if (name === "events-follow") continue;
      expect(Properties).not.toHaveProperty("ReservedConcurrentExecutions");
    }
  });

  it("is multiplied by as many functions as the document says", () => {
    const count = (name: FunctionClass) =>
      [...classes.values()].filter((found) => found === name).length;
    const document = readFileSync("docs/deployment.md", "utf8").replaceAll("\n", " ");
    expect(document).toContain(
      `${count("lists")} lists, ${count("writes")} writes and ${count("rest")} others`,
    );
    expect(document).toContain(`\`{"writes": 20}\` reserves ${20 * count("writes")} of them`);
  });

  it("keeps environments ready for HTTP alone", () => {
    const provisioned = { lists: 1, writes: 29, rest: undefined };
    const names = new Map(functions(full).map(({ id, name }) => [id, name]));
    for (const [, { Properties }] of full.ofType("AWS::Lambda::Alias")) {
      const made = classes.get(String(names.get(referred(Properties.FunctionName))));
      const wanted = Properties.Name === "http" ? provisioned[made as FunctionClass] : undefined;
      expect(Properties.ProvisionedConcurrencyConfig?.ProvisionedConcurrentExecutions).toBe(wanted);
    }
    for (const [, { Properties }] of plain.ofType("AWS::Lambda::Alias")) {
      expect(Properties).not.toHaveProperty("ProvisionedConcurrencyConfig");
    }
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
  const release = ["rate(1 minute)", { batch_size: 500 }];
  const pages = (every: string) => [`rate(${every})`, { batch_size: 500 }];
  expect(schedules(plain)).toEqual([
    ["placement-maintenance-finish-changes", ...finish],
    ["placement-maintenance-release-expired", ...release],
    ["placement-maintenance-write-profile-pages", ...pages("15 minutes")],
  ]);
  expect(schedules(full)).toEqual([
    ["cell1-maintenance-finish-changes", ...finish],
    ["cell1-maintenance-release-expired", ...release],
    ["cell1-maintenance-write-profile-pages", ...pages("30 minutes")],
    [
      "cell1-maintenance-delete-idle-consumers",
      "rate(15 minutes)",
      { batch_size: 500, older_than: 86_400 },
    ],
    ["cell1-maintenance-verify-table", "rate(1 hour)", { batch_size: 500, resume: true }],
    ["cell1-maintenance-canary", "rate(5 minutes)", {}],
  ]);
  expect(full.ofType("AWS::Lambda::EventInvokeConfig")).toHaveLength(6);
});

describe.each<[string, Assembly, number, string]>([
  ["with defaults", plain, 30, "Delete"],
  ["with everything set", full, 365, "Retain"],
  ["with a restored table", restored, 30, "Delete"],
])("the stack %s", (_, assembly, days, kept) => {
  it("stays within CloudFormation's limits", () => {
    expect(Object.keys(assembly.resources).length).toBeLessThan(MAX_RESOURCES);
    expect(assembly.templateBytes).toBeLessThan(MAX_TEMPLATE);
  });

  it("keeps every log for the time that is set, and none for ever", () => {
    const groups = assembly.ofType("AWS::Logs::LogGroup");
    expect(groups).toHaveLength(operations.length + tasks.length + 2);
    for (const [, group] of groups) {
      expect(group.Properties.RetentionInDays).toBe(days);
      expect([group.DeletionPolicy, group.UpdateReplacePolicy]).toEqual([kept, kept]);
      const logClass = assembly === full ? "INFREQUENT_ACCESS" : undefined;
      expect(group.Properties.LogGroupClass).toBe(logClass);
    }
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

it("is protected against deletion where that is set", () => {
  expect(full.stack.terminationProtection).toBe(true);
  expect(plain.stack.terminationProtection).toBe(false);
});

it("has as many resources as its document says", () => {
  const count = Object.keys(plain.resources).length;
  const document = readFileSync("docs/deployment.md", "utf8");
  expect(document).toContain(`${count} resources of the 500`);
  const added = Object.keys(full.resources).length - count;
  expect(document).toContain(`all settings together add ${added}.`);
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
