/** One operation or task as a Lambda function, with a role and a log of its own. */
import { Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Architecture, Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import type { AnyOperation, AnyTask } from "../lib/api/operation.ts";
import { OPERATION_REASONS, TASK_REASONS } from "./reasons.ts";

/** Seconds: an operation gives up at 24, a task at 50, API Gateway at 29. */
const OPERATION_TIMEOUT = 28;
const TASK_TIMEOUT = 60;
/** Characters that Lambda allows in a function's name. */
const MAX_NAME = 64;
/** What KMS has to allow where the table's key is the operator's own. */
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
  readonly logRetention: RetentionDays;
  readonly memorySize: number;
}

export class PlacementFunction extends Construct {
  readonly function: LambdaFunction;

  /** @throws Error if the function's name is too long for Lambda */
  constructor(scope: Construct, props: PlacementFunctionProps) {
    const { definition, namePrefix } = props;
    super(scope, constructId(definition));
    const isTask = definition.kind === "task";
    const functionName = `${namePrefix}-${constructId(definition)}`;
    if (functionName.length > MAX_NAME) {
      throw new Error(`${functionName} is longer than ${MAX_NAME}: choose a shorter namePrefix`);
    }
    const logGroup = new LogGroup(this, "Log", {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.function = new LambdaFunction(this, "Function", {
      functionName,
      description: definition.summary,
      code: Code.fromAsset(props.codeFolder),
      handler: "index.handler",
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memorySize,
      timeout: Duration.seconds(isTask ? TASK_TIMEOUT : OPERATION_TIMEOUT),
      environment: { ...props.environment },
      logGroup,
      role: this.#role(props, logGroup),
    });
    Validations.of(this).acknowledge(...(isTask ? TASK_REASONS : OPERATION_REASONS));
  }

  #role({ definition, table, encryptionKey }: PlacementFunctionProps, logGroup: LogGroup): Role {
    const statements = [
      new PolicyStatement({
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [logGroup.logGroupArn],
      }),
    ];
    if (definition.access.length > 0) {
      const actions = definition.access.map((action) => `dynamodb:${action}`);
      statements.push(new PolicyStatement({ actions, resources: [table.tableArn] }));
      if (encryptionKey !== undefined) statements.push(keyAccess(definition, encryptionKey));
    }
    return new Role(this, "Role", {
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
      description: `May do what the function does: ${definition.summary}`,
      inlinePolicies: { Access: new PolicyDocument({ statements }) },
    });
  }
}

/** A definition's id as a construct's: `allocations-replace` for `allocations/replace`. */
export function constructId(definition: AnyOperation | AnyTask): string {
  return definition.id.replaceAll("/", "-");
}

function keyAccess({ access }: AnyOperation | AnyTask, key: IKey): PolicyStatement {
  const writes = access.some((action) => /^(Put|Update|Delete)/.test(action));
  return new PolicyStatement({
    actions: writes ? [...READ_KEY, ...WRITE_KEY] : READ_KEY,
    resources: [key.keyArn],
    conditions: { StringLike: { "kms:ViaService": "dynamodb.*" } },
  });
}
