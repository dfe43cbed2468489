/** One operation or task as a Lambda function with its own role, log and aliases. */
import { Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import {
  Alias,
  Architecture,
  CfnFunction,
  Code,
  type IAlias,
  type IVersion,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from "aws-cdk-lib/aws-lambda";
import type { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { DIRECT_ALIAS, HTTP_ALIAS } from "../lib/api/invocation.ts";
import type { AnyOperation } from "../lib/api/operation.ts";
import type { AnyTask } from "../lib/api/task-definition.ts";
import type { Capacity } from "./capacity.ts";
import type { FeederExtras } from "./event-feed.ts";
import { changesTable } from "./function-classes.ts";
import { type LogKeeping, logGroup } from "./log-groups.ts";
import { constructId, functionName } from "./names.ts";
import { OPERATION_REASONS, TASK_REASONS, TRACED_REASONS } from "./reasons.ts";

/** Seconds: an operation gives up at 24, a task at 50, API Gateway at 29. */
const OPERATION_TIMEOUT = 28;
const TASK_TIMEOUT = 60;
/** KMS actions that a function needs if the table is encrypted with the operator's key. */
const READ_KEY = ["kms:Decrypt", "kms:DescribeKey"];
const WRITE_KEY = [
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
];

export interface PlacementFunctionProps {
  readonly definition: AnyOperation | AnyTask;
  /** The folder that holds `index.mjs`. */
  readonly codeFolder: string;
  readonly namePrefix: string;
  readonly table: ITable;
  readonly encryptionKey: IKey | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly logs: LogKeeping;
  readonly capacity: Capacity;
  /** Whether X-Ray traces it. */
  readonly tracing: boolean;
  /** What it has beside what every function has. Default: nothing. */
  readonly extras?: FeederExtras | undefined;
}

export class PlacementFunction extends Construct {
  readonly function: LambdaFunction;
  /** For API Gateway only; a task has none. */
  readonly http: IAlias | undefined;
  /** For other Lambda functions; tasks and the fallback have none. */
  readonly direct: IAlias | undefined;
  /** Both. */
  readonly aliases: readonly Alias[];

  constructor(scope: Construct, props: PlacementFunctionProps) {
    const { definition, capacity } = props;
    super(scope, constructId(definition));
    const isTask = definition.kind === "task";
    const name = functionName(props.namePrefix, definition);
    const log = logGroup(this, "Log", `/aws/lambda/${name}`, props.logs);
    this.function = new LambdaFunction(this, "Function", {
      functionName: name,
      description: definition.summary,
      code: Code.fromAsset(props.codeFolder),
      handler: "index.handler",
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: capacity.memorySize,
      timeout: Duration.seconds(isTask ? TASK_TIMEOUT : OPERATION_TIMEOUT),
      environment: { ...props.environment, ...props.extras?.environment },
      logGroup: log,
      role: this.#role(props, log),
      ...(capacity.reserved === undefined
        ? {}
        : { reservedConcurrentExecutions: capacity.reserved }),
      // Old releases can be rebuilt from their commits; retained versions would fill the account.
      currentVersionOptions: { removalPolicy: RemovalPolicy.DESTROY },
    });
    const http = isTask ? undefined : this.#alias(HTTP_ALIAS, capacity.provisioned);
    const invocable = !isTask && definition.route !== "$default";
    const direct = invocable ? this.#alias(DIRECT_ALIAS, undefined) : undefined;
    // The CDK declares its classes without exact optional properties.
    this.http = http as IAlias | undefined;
    this.direct = direct as IAlias | undefined;
    this.aliases = [http, direct].filter((alias) => alias !== undefined);
    if (props.tracing) this.#trace();
    Validations.of(this).acknowledge(...(isTask ? TASK_REASONS : OPERATION_REASONS));
  }

  /** Not by the CDK's property, which adds a policy of its own, a resource for each function. */
  #trace(): void {
    const { defaultChild } = this.function.node;
    if (!(defaultChild instanceof CfnFunction)) throw new Error("the function has no resource");
    defaultChild.tracingConfig = { mode: Tracing.ACTIVE };
    Validations.of(this).acknowledge(...TRACED_REASONS);
  }

  /** Of the version that is published with every change of code or configuration. */
  #alias(aliasName: string, provisioned: number | undefined): Alias {
    return new Alias(this, aliasName, {
      aliasName,
      version: this.function.currentVersion as IVersion,
      ...(provisioned === undefined ? {} : { provisionedConcurrentExecutions: provisioned }),
    });
  }

  #role(props: PlacementFunctionProps, log: LogGroup): Role {
    const { definition, table, encryptionKey } = props;
    const statements = [
      new PolicyStatement({
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [log.logGroupArn],
      }),
    ];
    if (definition.access.length > 0) {
      const actions = definition.access.map((action) => `dynamodb:${action}`);
      statements.push(new PolicyStatement({ actions, resources: [table.tableArn] }));
      if (encryptionKey !== undefined) statements.push(keyAccess(definition, encryptionKey));
    }
    statements.push(...(props.extras?.statements ?? []));
    if (props.tracing) {
      const actions = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"];
      statements.push(new PolicyStatement({ actions, resources: ["*"] }));
    }
    return new Role(this, "Role", {
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
      description: `May do what the function does: ${definition.summary}`,
      inlinePolicies: { Access: new PolicyDocument({ statements }) },
    });
  }
}

function keyAccess(definition: AnyOperation | AnyTask, key: IKey): PolicyStatement {
  return new PolicyStatement({
    actions: changesTable(definition) ? [...READ_KEY, ...WRITE_KEY] : READ_KEY,
    resources: [key.keyArn],
    conditions: { StringLike: { "kms:ViaService": "dynamodb.*" } },
  });
}
