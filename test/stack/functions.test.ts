/** Every operation and task is deployed once, and may do to the table what it declares. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { type Grant, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { afterAll, describe, expect, it, test } from "vitest";
import { refuseUnrouted } from "../../functions/fallback/refuse.ts";
import { operations, tasks } from "../../functions/index.ts";
import { feedEvents } from "../../functions/maintenance/feed-events.ts";
import { environmentSchema } from "../../lib/api/deployed-runtime.ts";
import { isRead } from "../../lib/api/operation.ts";
import { aliasesOf, allowed, type Resource, referred, synthesize } from "./support/assembly.ts";
import { apiOf } from "./support/routes.ts";

/** Characters of all inline policies of a role together, without spaces. */
const MAX_ROLE_POLICIES = 10_240;

/** Bytes of a function's code, which Lambda loads in each cold start; more where it has documents. */
const MAX_CODE = 462_500;
const LARGER_CODE: Readonly<Record<string, number>> = {
  "openapi/show": 840_000,
  // It both searches and writes.
  "claims/create": 485_000,
  [refuseUnrouted.id]: 1_220_000,
};

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

const table = assembly.ofType("AWS::DynamoDB::GlobalTable").map(([id]) => id)[0];
const definitions = [...operations, refuseUnrouted, ...tasks];
const functions = new Map<string, Resource>(
  assembly.ofType("AWS::Lambda::Function").map(([, made]) => [made.Properties.FunctionName, made]),
);
const functionIds = new Map(
  assembly.ofType("AWS::Lambda::Function").map(([id, made]) => [made.Properties.FunctionName, id]),
);

function functionOf(id: string): Resource {
  const found = functions.get(`placement-${id.replaceAll("/", "-")}`);
  if (found === undefined) throw new Error(`${id} is not deployed`);
  return found;
}

/** The aliases of the function of `id`, with their logical ids. */
function aliasesNamed(id: string): Map<string, string> {
  const functionId = functionIds.get(`placement-${id.replaceAll("/", "-")}`);
  return aliasesOf(assembly, String(functionId));
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
    if (definition !== feedEvents) expect(more).toEqual([]);
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

  test("has little code", () => {
    const { size } = statSync(join(assembly.codeOf(functionOf(definition.id)), "index.mjs"));
    expect(size).toBeLessThanOrEqual(LARGER_CODE[definition.id] ?? MAX_CODE);
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
      PLACEMENT_STACK: "placement",
      PLACEMENT_POLICY: "legacy",
      PLACEMENT_CORS_ORIGINS: "https://horizon.example",
      PLACEMENT_IAM_ROLES: `{"${CALLER}":["service"]}`,
      PLACEMENT_DIRECT_ROLES: '["admin"]',
      PLACEMENT_MAX_CHANGE_ITEMS: "200",
      PLACEMENT_INCOMPLETE_PROJECT: "nobody's",
      PLACEMENT_INCOMPLETE_USER: "nobody",
      ...(definition === feedEvents ? { EVENT_BUS: { Ref: expect.any(String) } } : {}),
    });
    const known = [...Object.keys(environmentSchema.shape), "EVENT_BUS"];
    expect(known).toEqual(expect.arrayContaining(Object.keys(Variables)));
    expect(known.filter((name) => /AUTH|TOKEN|IDENTITY/.test(name))).toEqual([]);
    environmentSchema.parse({ ...Variables, TABLE_NAME: "table" });
  });
});

describe("the aliases of functions", () => {
  it("are http and direct for an operation, http for the fallback, none for a task", () => {
    for (const { id } of operations) {
      expect([...aliasesNamed(id).keys()].sort()).toEqual(["direct", "http"]);
    }
    expect([...aliasesNamed(refuseUnrouted.id).keys()]).toEqual(["http"]);
    for (const { id } of tasks) expect(aliasesNamed(id).size).toBe(0);
    expect(assembly.ofType("AWS::Lambda::Alias")).toHaveLength(2 * operations.length + 1);
  });

  it("are of one published version, which goes when the next one is there", () => {
    const versions = assembly.ofType("AWS::Lambda::Version");
    expect(versions).toHaveLength(operations.length + 1);
    for (const [id, version] of versions) {
      expect(version.DeletionPolicy).toBe("Delete");
      const functionId = referred(version.Properties.FunctionName);
      for (const alias of aliasesOf(assembly, functionId).values()) {
        expect(assembly.resources[alias]?.Properties.FunctionVersion).toEqual({
          "Fn::GetAtt": [id, "Version"],
        });
      }
    }
  });

  it("are invoked by API Gateway as one role, which may do that and nothing else", () => {
    const [first, ...others] = apiOf(assembly).routes.map(({ integration }) => {
      return referred(integration.credentials);
    });
    expect(new Set(others)).toEqual(new Set([first]));
    const role = assembly.resources[String(first)] as Resource;
    expect(role.Properties.AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: "apigateway.amazonaws.com" },
      },
    ]);
    expect(role.Properties.ManagedPolicyArns).toBeUndefined();
    const [policy, ...more] = role.Properties.Policies;
    expect(more).toEqual([]);
    expect(policy.PolicyDocument.Statement).toHaveLength(1);
    expect(policy.PolicyDocument.Statement[0].Action).toBe("lambda:InvokeFunction");
    const http = [...operations, refuseUnrouted].map(({ id }) => aliasesNamed(id).get("http"));
    expect(allowed(role, "lambda:InvokeFunction").sort()).toEqual(http.sort());
    for (const { Ref } of policy.PolicyDocument.Statement[0].Resource) {
      expect(assembly.resources[Ref]?.Properties.Name).toBe("http");
    }
  });

  it("fit into the policy of that role, whatever the region and the names", () => {
    const prefix = "arn:aws-us-gov:lambda:ap-northeast-99:123456789012:function:";
    const arn = `"${prefix}${"n".repeat(64)}:http",`;
    expect(arn.length * (operations.length + 1)).toBeLessThan(MAX_ROLE_POLICIES - 200);
  });

  it("are the only way in for API Gateway: permissions are for schedules and tasks alone", () => {
    const taskIds = tasks.map(({ id }) => functionIds.get(`placement-${id.replaceAll("/", "-")}`));
    const permissions = assembly.ofType("AWS::Lambda::Permission");
    expect(permissions.length).toBeGreaterThan(0);
    for (const [, { Properties }] of permissions) {
      expect(Properties.Principal).toBe("events.amazonaws.com");
      expect(Properties.Action).toBe("lambda:InvokeFunction");
      expect(Properties.SourceArn).toBeDefined();
      expect(taskIds).toContain(referred(Properties.FunctionName));
    }
    for (const [, role] of assembly.ofType("AWS::IAM::Role")) {
      const assumed = role.Properties.AssumeRolePolicyDocument.Statement[0].Principal.Service;
      if (assumed !== "lambda.amazonaws.com") continue;
      expect(allowed(role, "lambda:InvokeFunction")).toEqual([]);
    }
  });
});

describe("what the construct hands out", () => {
  const { placement } = assembly.stack;

  const grantee = new Role(assembly.stack, "Scheduler", {
    assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
  });

  it.each(operations.map(({ id }) => id))(
    "for %s is its alias direct, which a grant names alone",
    (id) => {
      const grant = placement.direct(id).grantInvoke(grantee);
      expect(grant.resourceStatements).toEqual([]);
      const [statement, ...others] = grant.principalStatements.map((given) =>
        assembly.stack.resolve(given.toJSON()),
      );
      expect(others).toEqual([]);
      expect(statement).toEqual({
        Effect: "Allow",
        Action: "lambda:InvokeFunction",
        Resource: { Ref: aliasesNamed(id).get("direct") },
      });
    },
  );

  /** The operations whose aliases `direct` a grant names, and nothing else. */
  const grantedBy = ({ principalStatements }: Grant) => {
    const [statement, ...others] = principalStatements.map((given) =>
      assembly.stack.resolve(given.toJSON()),
    );
    expect(others).toEqual([]);
    expect(statement).toMatchObject({ Effect: "Allow", Action: "lambda:InvokeFunction" });
    const named = [statement.Resource].flat().map(referred);
    return operations
      .filter(({ id }) => named.includes(String(aliasesNamed(id).get("direct"))))
      .map(({ id }) => id)
      .sort()
      .concat(named.length === new Set(named).size ? [] : ["twice"]);
  };

  it("lets a caller claim, or read, or invoke what is named, on the aliases direct", () => {
    expect(grantedBy(placement.grantClaim(grantee))).toEqual([
      "allocation-candidates/list",
      "allocation-candidates/list-query",
      "allocations/delete",
      "allocations/manage",
      "allocations/replace",
      "allocations/show",
      "claims/create",
    ]);
    const reading = operations.filter(isRead).map(({ id }) => id);
    expect(reading.length).toBeGreaterThan(10);
    expect(grantedBy(placement.grantRead(grantee))).toEqual(reading.sort());
    const one = ["reshaper/reshape"];
    expect(grantedBy(placement.grantDirect("reshaper/reshape", grantee))).toEqual(one);
    expect(() => placement.grantDirect("fallback/refuse", grantee)).toThrow("fallback/refuse");
  });

  it("lets a caller sign requests to the endpoint that takes signatures", () => {
    const [statement] = placement.grantCall(grantee).principalStatements.map((given) => {
      return assembly.stack.resolve(given.toJSON());
    });
    expect(statement.Action).toBe("execute-api:Invoke");
    const { id } = apiOf(assembly);
    const words = JSON.stringify(statement.Resource["Fn::Join"][1]);
    expect(words).toMatch(/"\/\$default\/\*\/\*"\]$/);
    expect(words).toContain(`{"Ref":"${id}"}`);
    expect(() => placement.grantCall(grantee, "keystone")).toThrow("need a token");
    expect(() => placement.endpoint("jwt")).toThrow("no jwt endpoint");
  });

  it("measures functions by their names, and the endpoint by its id", () => {
    const measured = (metric: Metric) => {
      const { metricName, namespace, dimensions, statistic } = metric;
      return assembly.stack.resolve([namespace, metricName, dimensions, statistic]);
    };
    const id = "allocations/replace";
    const dimensions = { FunctionName: { Ref: functionIds.get("placement-allocations-replace") } };
    const lambda = "AWS/Lambda";
    expect(measured(placement.metricCount(id))).toEqual([lambda, "Invocations", dimensions, "Sum"]);
    expect(measured(placement.metricErrors(id))).toEqual([lambda, "Errors", dimensions, "Sum"]);
    expect(measured(placement.metricThrottles(id))[1]).toBe("Throttles");
    expect(measured(placement.metricLatency(id))).toEqual([lambda, "Duration", dimensions, "p99"]);
    expect(() => placement.metricErrors("none")).toThrow("none");
    const endpoint = placement.endpoint("iam");
    const api = { ApiId: { Ref: apiOf(assembly).id } };
    const gateway = "AWS/ApiGateway";
    expect(measured(endpoint.metricCount())).toEqual([gateway, "Count", api, "Sum"]);
    expect(measured(endpoint.metricErrors())).toEqual([gateway, "5xx", api, "Sum"]);
    expect(measured(endpoint.metricClientErrors())).toEqual([gateway, "4xx", api, "Sum"]);
    expect(measured(endpoint.metricLatency({ statistic: "p50" }))[3]).toBe("p50");
  });

  it("for a task is its function, and for nothing else", () => {
    for (const { id } of tasks) {
      expect(() => placement.direct(id)).toThrow(id);
      expect(placement.task(id).functionName).toBeDefined();
    }
    for (const { id } of [...operations, refuseUnrouted]) {
      expect(() => placement.task(id)).toThrow(id);
    }
    expect(() => placement.direct(refuseUnrouted.id)).toThrow(refuseUnrouted.id);
    expect(() => placement.direct("allocations/none")).toThrow("allocations/none");
  });
});
