/** Gradual traffic: which aliases CodeDeploy moves, on which alarms it moves them back, and what fits. */
import { readFileSync } from "node:fs";
import { App, Duration, Stack } from "aws-cdk-lib";
import { Alarm, type IAlarm } from "aws-cdk-lib/aws-cloudwatch";
import { AwsSolutionsChecks, ServerlessChecks } from "cdk-nag";
import { describe, expect, it } from "vitest";
import { operations } from "../../functions/index.ts";
import { BadSettings } from "../../infra/bad-settings.ts";
import { PlacementApi } from "../../infra/placement-api.ts";
import { MAX_ALARMS, ROLLOUT_NAMES, ROLLOUTS } from "../../infra/rollout.ts";
import { type Assembly, type Resource, referred, useAssemblies } from "./support/assembly.ts";

/** CloudFormation's limit on the resources of a stack. */
const MAX_RESOURCES = 500;
/** CloudFormation's limit on the parameters of a stack. */
const MAX_PARAMETERS = 200;
/** CloudFormation's limit on a template that is read from S3, in bytes. */
const MAX_TEMPLATE_BYTES = 1_000_000;
/** Characters of all inline policies of a role together, without spaces. */
const MAX_ROLE_POLICIES = 10_240;
const rollout = "linear10PercentEvery1Minute";

const assemblies = useAssemblies();
const stackWith = (settings: Readonly<Record<string, unknown>>) =>
  assemblies(settings, { templateOnly: true });

const plain = stackWith({});
const gradual = stackWith({ rollout });
const groupsOf = (assembly: Assembly) => assembly.ofType("AWS::CodeDeploy::DeploymentGroup");
const alarmsOf = ({ Properties }: Resource) => Properties.AlarmConfiguration.Alarms;
const policyOf = (alias: Resource) => alias.UpdatePolicy?.CodeDeployLambdaAliasUpdate;

describe("a gradual rollout", () => {
  it("moves each alias by a deployment group of its own, and nothing without the setting", () => {
    expect(groupsOf(plain)).toEqual([]);
    for (const [, alias] of plain.ofType("AWS::Lambda::Alias")) {
      expect(alias.UpdatePolicy).toBeUndefined();
    }
    const aliases = gradual.ofType("AWS::Lambda::Alias");
    expect(aliases).toHaveLength(2 * operations.length + 1);
    const groups = groupsOf(gradual).map(([, { Properties }]) => Properties);
    const names = groups.map(({ DeploymentGroupName }) => DeploymentGroupName);
    expect(aliases.map(([, alias]) => policyOf(alias).DeploymentGroupName).sort()).toEqual(
      [...new Set(names)].sort(),
    );
    expect(names).toContain("allocations-replace-http");
    expect(names).toContain("allocations-replace-direct");
    const [nested] = gradual.nested;
    for (const [id, alias] of aliases) {
      const { ApplicationName, DeploymentGroupName } = policyOf(alias);
      const found = groups.find((group) => group.DeploymentGroupName === DeploymentGroupName);
      const application = gradual.everything[referred(found.ApplicationName)] as Resource;
      expect(ApplicationName).toBe(application.Properties.ApplicationName);
      // It names its group, so that only this tells CloudFormation to make the group first.
      expect(alias.DependsOn).toEqual([nested?.id]);
      const { DeploymentConfigName } = found;
      expect(DeploymentConfigName).toBe("CodeDeployDefault.LambdaLinear10PercentEvery1Minute");
      expect(DeploymentGroupName.endsWith(`-${alias.Properties.Name}`)).toBe(true);
      expect(id).toContain(alias.Properties.Name);
    }
    expect(gradual.only("AWS::CodeDeploy::Application").Properties).toMatchObject({
      ApplicationName: "placement",
      ComputePlatform: "Lambda",
    });
  });

  it("is taken back where it fails, is stopped, or its function has errors", () => {
    for (const [, group] of groupsOf(gradual)) {
      expect(group.Properties.AutoRollbackConfiguration).toEqual({
        Enabled: true,
        Events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"],
      });
      const [alarm, ...others] = alarmsOf(group);
      expect(others).toEqual([]);
      const { Properties } = gradual.everything[referred(alarm.Name)] as Resource;
      const watched = Properties.Metrics.flatMap((each: Resource["Properties"]) => {
        const { MetricName, Dimensions } = each.MetricStat?.Metric ?? {};
        if (MetricName !== "Errors") return [];
        const [{ Name, Value }, ...rest] = Dimensions;
        expect([Name, rest]).toEqual(["FunctionName", []]);
        return gradual.everything[referred(Value)]?.Properties.FunctionName;
      });
      const [, own = ""] =
        /^(.*)-(?:http|direct)$/.exec(group.Properties.DeploymentGroupName) ?? [];
      expect(watched).toContain(`placement-${own}`);
      expect(watched.length).toBeLessThanOrEqual(10);
      expect(Properties).toMatchObject({
        Threshold: 1,
        ComparisonOperator: "GreaterThanOrEqualToThreshold",
        DatapointsToAlarm: 1,
        TreatMissingData: "notBreaching",
      });
      expect(Properties.Metrics[0].Expression).toBe("SUM(METRICS())");
    }
  });

  it("runs as a role that moves the functions' aliases, and nothing else", () => {
    const roles = new Set(
      groupsOf(gradual).map(([, { Properties }]) => referred(Properties.ServiceRoleArn)),
    );
    expect(roles.size).toBe(1);
    const { Properties } = gradual.everything[String([...roles][0])] as Resource;
    expect(Properties.ManagedPolicyArns).toBeUndefined();
    expect(Properties.AssumeRolePolicyDocument.Statement[0].Principal).toEqual({
      Service: "codedeploy.amazonaws.com",
    });
    const [{ PolicyDocument }, ...others] = Properties.Policies;
    expect(others).toEqual([]);
    const [moves, looks, ...more] = PolicyDocument.Statement;
    expect(more).toEqual([]);
    expect(moves.Action).toEqual(["lambda:GetAlias", "lambda:UpdateAlias"]);
    expect(moves.Resource).toHaveLength(operations.length + 1);
    const types = moves.Resource.map((each: object) => gradual.everything[referred(each)]?.Type);
    expect(new Set(types)).toEqual(new Set(["AWS::Lambda::Function"]));
    expect(looks).toMatchObject({
      Action: ["cloudwatch:DescribeAlarms", "lambda:GetProvisionedConcurrencyConfig"],
      Resource: "*",
    });
    const arn = `"arn:aws-us-gov:lambda:ap-northeast-99:123456789012:function:${"n".repeat(64)}",`;
    expect(arn.length * (operations.length + 1)).toBeLessThan(MAX_ROLE_POLICIES - 500);
  });

  it("has no finding of cdk-nag that is not explained", () => {
    for (const Pack of [AwsSolutionsChecks, ServerlessChecks]) {
      expect(new Pack().validateScope(gradual.stack).violations).toEqual([]);
    }
  });

  it("depends on nothing that depends on it", () => {
    const provisioned = stackWith({ rollout, provisionedConcurrency: { writes: 1 } });
    for (const { resources, everything, nested } of [gradual, provisioned]) {
      // CloudFormation looks at a nested stack as one resource.
      expect(nested).toHaveLength(1);
      expect(circleIn(resources)).toBeUndefined();
      expect(circleIn(everything)).toBeUndefined();
    }
  });

  it("leaves provisioned concurrency to the alias of API Gateway, which moves as the others do", () => {
    const withProvisioned = (writes: number) =>
      stackWith({ rollout, provisionedConcurrency: { writes } });
    const [few, more] = [withProvisioned(1), withProvisioned(2)];
    const aliases = few.ofType("AWS::Lambda::Alias").map(([, alias]) => alias);
    const provisioned = aliases.filter(({ Properties }) => Properties.ProvisionedConcurrencyConfig);
    expect(provisioned.length).toBeGreaterThan(20);
    for (const alias of provisioned) {
      expect(alias.Properties.Name).toBe("http");
      expect(policyOf(alias).DeploymentGroupName).toBeDefined();
      // The weights are CodeDeploy's: those of the template would meet it half-way.
      expect(alias.Properties).not.toHaveProperty("RoutingConfig");
    }
    // Lambda takes one number for a version: on one alias of it, or on the version itself.
    const versions = provisioned.map(({ Properties }) =>
      JSON.stringify(Properties.FunctionVersion),
    );
    expect(new Set(versions).size).toBe(versions.length);
    for (const [, { Properties }] of few.ofType("AWS::Lambda::Version")) {
      expect(Properties).not.toHaveProperty("ProvisionedConcurrencyConfig");
    }
    // A change of the number publishes no version, so that nothing moves.
    expect(Object.keys(more.resources)).toEqual(Object.keys(few.resources));
    const numbered = (assembly: Assembly) =>
      JSON.stringify(assembly.resources).replaceAll(/"ProvisionedConcurrentExecutions":\d/g, "");
    expect(JSON.stringify(more.resources)).not.toBe(JSON.stringify(few.resources));
    expect(numbered(more)).toBe(numbered(few));
  });

  it("fits into one stack, with all that a stack can have, as its document says", () => {
    const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:placement-AbCdEf";
    const most = stackWith({
      rollout,
      endpoints: [
        { kind: "iam" },
        { kind: "keystone", url: "https://keystone.example/v3", secretArn: arn },
        { kind: "jwt", issuer: "https://issuer.example", audience: "placement" },
      ],
      corsOrigins: ["https://horizon.example"],
      idleConsumerAge: 86_400,
      verifyInterval: 3_600,
      canaryInterval: 300,
      monitoring: { alarmTopicArn: "arn:aws:sns:eu-west-1:123456789012:alarms" },
    });
    const count = ({ resources }: Assembly) => Object.keys(resources).length;
    expect(count(gradual) - count(plain)).toBe(1);
    const [nested] = gradual.nested;
    const inside = Object.keys(nested?.resources ?? {}).length;
    const document = readFileSync("docs/deployment.md", "utf8").replaceAll(/\s+/g, " ");
    expect(document).toContain(`a nested stack of ${inside} resources`);
    expect(document).toContain(`${groupsOf(gradual).length} deployment groups`);
    expect(document).toContain(`all schedules and monitoring has ${count(most)}`);
    expect(count(most)).toBeLessThan(MAX_RESOURCES - 40);
    expect(inside).toBeLessThan(MAX_RESOURCES - 40);
    for (const { id, templateBytes } of most.nested) {
      const { Parameters } = most.resources[id]?.Properties ?? {};
      expect(Object.keys(Parameters).length).toBeLessThan(MAX_PARAMETERS - 40);
      expect(templateBytes).toBeLessThan(MAX_TEMPLATE_BYTES / 2);
    }
    expect(most.templateBytes).toBeLessThan(MAX_TEMPLATE_BYTES);
  });
});

describe("the setting", () => {
  it("has CodeDeploy's own configurations by their names", () => {
    for (const [name, { deploymentConfigName }] of Object.entries(ROLLOUTS)) {
      expect(deploymentConfigName.toLowerCase()).toBe(
        `codedeploydefault.lambda${name.toLowerCase()}`,
      );
    }
    expect(groupsOf(stackWith({ rollout: "allAtOnce" }))).toEqual([]);
    const document = readFileSync("docs/deployment.md", "utf8");
    for (const name of ROLLOUT_NAMES) expect(document).toContain(`\`${name}\``);
    expect(() => stackWith({ rollout: "linear" })).toThrow("placement.rollout");
  });

  it("names alarms that exist, for every group, instead of its own", () => {
    const named = stackWith({ rollout, rollbackAlarms: ["one", "two"] });
    for (const [, group] of groupsOf(named)) {
      expect(alarmsOf(group)).toEqual([{ Name: "one" }, { Name: "two" }]);
    }
    expect(named.ofType("AWS::CloudWatch::Alarm")).toEqual([]);
    const eleven = Array.from({ length: MAX_ALARMS + 1 }, (_, index) => `alarm-${index}`);
    for (const rollbackAlarms of [[], [""], eleven, "one"]) {
      expect(() => stackWith({ rollout, rollbackAlarms })).toThrow("placement.rollbackAlarms");
    }
    expect(() => stackWith({ rollbackAlarms: ["one"] })).toThrow(BadSettings);
  });
});

describe("in an app", () => {
  const app = () => {
    const stack = new Stack(
      new App({ context: { "aws:cdk:disable-asset-staging": true } }),
      "cell",
    );
    const alarm = (name: string, own?: PlacementApi) =>
      new Alarm(stack, name, {
        metric: (own ?? placement).metricErrors("reshaper/reshape", {
          period: Duration.minutes(1),
        }),
        threshold: 1,
        evaluationPeriods: 1,
      }) as IAlarm;
    const placement = new PlacementApi(stack, "Placement", { rollout });
    return { stack, placement, alarm };
  };

  it("takes alarms that are made of it, ten with its own", () => {
    const { placement, alarm } = app();
    const some = Array.from({ length: MAX_ALARMS - 1 }, (_, index) => alarm(`Alarm${index}`));
    placement.rollBackOn(some.slice(0, 4));
    expect(() => placement.rollBackOn(some.slice(3, 4))).toThrow("twice");
    placement.rollBackOn(some.slice(4));
    expect(() => placement.rollBackOn([alarm("OneMore")])).toThrow(BadSettings);
    expect(placement.node.findAll().flatMap(({ node }) => node.validate())).toEqual([]);
  });

  it("refuses an alarm that watches an endpoint, which would depend on itself", () => {
    const { stack, placement } = app();
    const metric = placement.endpoint("iam").metricErrors();
    const watching = new Alarm(stack, "Five", { metric, threshold: 1, evaluationPeriods: 1 });
    placement.rollBackOn([watching as IAlarm]);
    const refusals = placement.node.findAll().flatMap(({ node }) => node.validate());
    expect(refusals).toEqual([expect.stringContaining("it watches an API or alias")]);
  });

  it("has nothing to take back where aliases move at once", () => {
    const stack = new Stack(
      new App({ context: { "aws:cdk:disable-asset-staging": true } }),
      "cell",
    );
    const placement = new PlacementApi(stack, "Placement");
    const metric = placement.metricErrors("reshaper/reshape");
    placement.rollBackOn([
      new Alarm(stack, "Alarm", { metric, threshold: 1, evaluationPeriods: 1 }) as IAlarm,
    ]);
    expect(placement.node.tryFindChild("Rollout")).toBeUndefined();
  });
});

/** Of resources that refer to each other, in update policies too, as CloudFormation looks at them. */
function circleIn(resources: Assembly["resources"]): string | undefined {
  const ids = Object.keys(resources);
  const known = new Set(ids);
  const settled = new Set<string>();
  const visit = (id: string, path: readonly string[]): string | undefined => {
    if (path.includes(id)) return [...path, id].join(" > ");
    if (settled.has(id)) return undefined;
    const words = JSON.stringify(resources[id]).match(/"[A-Za-z0-9]+"/g) ?? [];
    for (const next of new Set(words.map((word) => word.slice(1, -1)))) {
      if (!known.has(next)) continue;
      const circle = visit(next, [...path, id]);
      if (circle !== undefined) return circle;
    }
    settled.add(id);
    return undefined;
  };
  for (const id of ids) {
    const circle = visit(id, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}
