/**
 * Gradual traffic: CodeDeploy moves each alias to its new version step by step, and back where an
 * alarm is on. It is a nested stack, since two deployment groups a function do not fit beside the
 * functions: docs/deployment.md counts the resources.
 */
import { type CfnCodeDeployLambdaAliasUpdate, NestedStack, Stack, Validations } from "aws-cdk-lib";
import { CfnAlarm, type IAlarm } from "aws-cdk-lib/aws-cloudwatch";
import {
  LambdaApplication,
  LambdaDeploymentConfig,
  LambdaDeploymentGroup,
} from "aws-cdk-lib/aws-codedeploy";
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { type Alias, CfnAlias, type IFunction } from "aws-cdk-lib/aws-lambda";
import { CfnResource } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { BadSettings } from "./bad-settings.ts";
import type { PlacementFunction } from "./placement-function.ts";
import { ROLLOUT_REASONS } from "./reasons.ts";
import { alarmsOfErrors } from "./rollout-alarms.ts";
import { RUNBOOK } from "./runbook.ts";

/** By the names of settings, which are CodeDeploy's own without what they begin with. */
export const ROLLOUTS = {
  linear10PercentEvery1Minute: LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_1MINUTE,
  linear10PercentEvery2Minutes: LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_2MINUTES,
  linear10PercentEvery3Minutes: LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_3MINUTES,
  linear10PercentEvery10Minutes: LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_10MINUTES,
  canary10Percent5Minutes: LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
  canary10Percent10Minutes: LambdaDeploymentConfig.CANARY_10PERCENT_10MINUTES,
  canary10Percent15Minutes: LambdaDeploymentConfig.CANARY_10PERCENT_15MINUTES,
  canary10Percent30Minutes: LambdaDeploymentConfig.CANARY_10PERCENT_30MINUTES,
} as const;

export type GradualRollout = keyof typeof ROLLOUTS;
export type RolloutName = "allAtOnce" | GradualRollout;
export const ROLLOUT_NAMES: readonly RolloutName[] = [
  "allAtOnce",
  ...(Object.keys(ROLLOUTS) as GradualRollout[]),
];

/** Of a deployment group: what CodeDeploy's API documents. Its quota may be raised. */
export const MAX_ALARMS = 10;

/** What depends on aliases. An alarm on it would depend on its own deployment group. */
const BEHIND_ALIASES = /^AWS::(ApiGateway|ApiGatewayV2|Lambda::Alias)/;

/** What an app may ask for. */
export interface RolloutSettings {
  readonly rollout?: RolloutName | undefined;
  readonly rollbackAlarms?: readonly IAlarm[] | undefined;
  readonly runbook?: string | undefined;
}

interface RolloutProps {
  readonly rollout: GradualRollout;
  readonly namePrefix: string;
  readonly functions: readonly PlacementFunction[];
  /** None: one for each ten functions, of their errors. */
  readonly alarms: readonly IAlarm[];
  readonly runbook: string;
}

export class Rollout extends NestedStack {
  readonly #groups: readonly LambdaDeploymentGroup[];
  readonly #alarms: IAlarm[];
  /** Of each group. */
  #count: number;

  /** @throws BadSettings */
  constructor(scope: Construct, id: string, props: RolloutProps) {
    super(scope, id, { description: "Moves the aliases of the Placement API step by step" });
    const { namePrefix, alarms, runbook } = props;
    const moved = props.functions.filter(({ aliases }) => aliases.length > 0);
    const functions = moved.map((each) => each.function);
    const application = new LambdaApplication(this, "Application", { applicationName: namePrefix });
    const role = this.#role(functions);
    const minimal =
      alarms.length > 0 ? [] : alarmsOfErrors(this, { namePrefix, functions, runbook });
    this.#groups = moved.flatMap(({ node, aliases }, index) =>
      aliases.map((alias) => {
        const deploymentGroupName = `${node.id}-${alias.aliasName}`;
        const group = new LambdaDeploymentGroup(this, deploymentGroupName, {
          application,
          alias,
          // Not the managed policy that the CDK would add: it lets CodeDeploy move any alias.
          role: role.withoutPolicyUpdates(),
          deploymentGroupName,
          deploymentConfig: ROLLOUTS[props.rollout],
          alarms: minimal.slice(index, index + 1),
        });
        this.#moves(alias, { applicationName: namePrefix, deploymentGroupName });
        return group;
      }),
    );
    this.#alarms = [];
    this.#count = minimal.length > 0 ? 1 : 0;
    this.rollBackOn(alarms);
    this.node.addValidation({ validate: () => this.#circles() });
  }

  /**
   * Adds alarms to each group.
   *
   * @throws BadSettings if these are more than a group takes, or one is there already
   */
  rollBackOn(alarms: readonly IAlarm[]): void {
    if (this.#count + alarms.length > MAX_ALARMS) {
      throw new BadSettings(
        `rollbackAlarms has ${alarms.length} alarms, but only ${MAX_ALARMS - this.#count} are left of the ${MAX_ALARMS} that a deployment group takes`,
      );
    }
    for (const alarm of alarms) {
      if (this.#alarms.includes(alarm)) throw new BadSettings("rollbackAlarms has an alarm twice");
      this.#alarms.push(alarm);
      for (const group of this.#groups) group.addAlarm(alarm);
    }
    this.#count += alarms.length;
  }

  /** By names: the CDK's update policy refers to resources of the nested stack as if they were here. */
  #moves(alias: Alias, codeDeployLambdaAliasUpdate: CfnCodeDeployLambdaAliasUpdate): void {
    const { defaultChild } = alias.node;
    if (!(defaultChild instanceof CfnAlias)) throw new Error("the alias has no resource");
    defaultChild.cfnOptions.updatePolicy = { codeDeployLambdaAliasUpdate };
    defaultChild.node.addDependency(this);
  }

  #role(functions: readonly IFunction[]): Role {
    const statement = (actions: string[], resources: string[]) =>
      new PolicyStatement({ actions, resources });
    const statements = [
      statement(
        ["lambda:GetAlias", "lambda:UpdateAlias"],
        functions.map(({ functionArn }) => functionArn),
      ),
      statement(["lambda:GetProvisionedConcurrencyConfig", "cloudwatch:DescribeAlarms"], ["*"]),
    ];
    const role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("codedeploy.amazonaws.com"),
      description: "Moves the aliases of the functions to their new versions, and back",
      inlinePolicies: { Access: new PolicyDocument({ statements }) },
    });
    Validations.of(role).acknowledge(...ROLLOUT_REASONS);
    return role;
  }

  /** CloudFormation would refuse the template, without a word that helps. */
  #circles(): string[] {
    const stack = Stack.of(this.node.scope ?? this);
    const behind = stack.node
      .findAll()
      .filter((made) => CfnResource.isCfnResource(made))
      .filter(({ cfnResourceType }) => BEHIND_ALIASES.test(cfnResourceType))
      .map(({ logicalId }) => `"${stack.resolve(logicalId)}"`);
    return this.#alarms.flatMap(({ node }) => {
      const { defaultChild: made } = node;
      if (!(made instanceof CfnAlarm)) return [];
      const watched = JSON.stringify(stack.resolve([made.dimensions, made.metrics]));
      if (!behind.some((id) => watched.includes(id))) return [];
      return [
        `The alarm ${node.path} cannot take deployments back: it watches an API or alias, which depends on the deployment`,
      ];
    });
  }
}

/** @throws BadSettings if there are alarms, and nothing that they could take back */
export function rolloutOf(
  scope: Construct,
  namePrefix: string,
  { rollout = "allAtOnce", rollbackAlarms: alarms = [], runbook = RUNBOOK }: RolloutSettings,
  functions: readonly PlacementFunction[],
): Rollout | undefined {
  if (rollout !== "allAtOnce") {
    return new Rollout(scope, "Rollout", { rollout, namePrefix, functions, alarms, runbook });
  }
  if (alarms.length === 0) return undefined;
  throw new BadSettings("rollbackAlarms need a rollout that is gradual: allAtOnce takes none back");
}
