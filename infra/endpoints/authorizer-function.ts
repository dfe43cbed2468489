/** The function that validates the tokens of an endpoint, with its own role, log and network. */
import { Aws, Duration, Validations } from "aws-cdk-lib";
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import type { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { DEFAULT_MEMORY } from "../capacity.ts";
import { type LogKeeping, logGroup } from "../log-groups.ts";
import { NETWORK_REASONS, OPERATION_REASONS } from "../reasons.ts";
import { authorizerEnvironment } from "./authorizer-environment.ts";
import type { AuthorizerParts } from "./gateway-body.ts";
import type { KeystoneEndpointProps, TokenEndpointProps } from "./props.ts";

/** Seconds that API Gateway waits for an authorizer. */
const TIMEOUT = 10;

/** A function in a VPC makes its network interfaces, which have no names before. */
const NETWORK_ACTIONS = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
];

export interface AuthorizerFunctionProps {
  readonly endpoint: TokenEndpointProps;
  /** The folder that holds `index.mjs`, and the certificates if there are any. */
  readonly codeFolder: string;
  readonly functionName: string;
  readonly logs: LogKeeping;
}

export class AuthorizerFunction extends Construct {
  readonly function: LambdaFunction;
  /** As which API Gateway invokes it. */
  readonly #invoker: Role;

  constructor(scope: Construct, id: string, props: AuthorizerFunctionProps) {
    super(scope, id);
    const { endpoint, functionName, codeFolder, logs } = props;
    const { vpc, vpcSubnets, securityGroups, reservedConcurrency: reserved } = endpoint;
    const log = logGroup(this, "Log", `/aws/lambda/${functionName}`, logs);
    this.function = new LambdaFunction(this, "Function", {
      functionName,
      description: `Validates the tokens of the ${endpoint.kind} endpoint`,
      code: Code.fromAsset(codeFolder),
      handler: "index.handler",
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: endpoint.memorySize ?? DEFAULT_MEMORY,
      timeout: Duration.seconds(TIMEOUT),
      environment: authorizerEnvironment(endpoint),
      logGroup: log,
      role: this.#role(endpoint, log),
      ...(reserved === undefined ? {} : { reservedConcurrentExecutions: reserved }),
      ...(vpc === undefined ? {} : { vpc }),
      ...(vpcSubnets === undefined ? {} : { vpcSubnets }),
      ...(securityGroups === undefined ? {} : { securityGroups: [...securityGroups] }),
    });
    const invoke = new PolicyStatement({
      actions: ["lambda:InvokeFunction"],
      resources: [this.function.functionArn],
    });
    this.#invoker = new Role(this, "Invoker", {
      assumedBy: new ServicePrincipal("apigateway.amazonaws.com"),
      description: `Invokes the authorizer of the ${endpoint.kind} endpoint for API Gateway`,
      inlinePolicies: { Invoke: new PolicyDocument({ statements: [invoke] }) },
    });
    Validations.of(this).acknowledge(...OPERATION_REASONS);
    if (vpc !== undefined) Validations.of(this).acknowledge(...NETWORK_REASONS);
  }

  /** @param cache seconds that API Gateway keeps an answer */
  parts(cache: number): AuthorizerParts {
    return {
      functionArn: this.function.functionArn,
      roleArn: this.#invoker.roleArn,
      cache,
    };
  }

  #role(endpoint: TokenEndpointProps, log: LogGroup): Role {
    const statements = [
      new PolicyStatement({
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [log.logGroupArn],
      }),
      ...(endpoint.kind === "keystone" ? secretAccess(endpoint) : []),
      ...(endpoint.vpc === undefined
        ? []
        : [new PolicyStatement({ actions: NETWORK_ACTIONS, resources: ["*"] })]),
    ];
    return new Role(this, "Role", {
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
      description: `Validates the tokens of the ${endpoint.kind} endpoint`,
      inlinePolicies: { Access: new PolicyDocument({ statements }) },
    });
  }
}

function secretAccess({ secret }: KeystoneEndpointProps): PolicyStatement[] {
  // Without its full ARN a secret's name is followed by six characters.
  const resources = [secret.secretFullArn ?? `${secret.secretArn}-??????`];
  const read = new PolicyStatement({ actions: ["secretsmanager:GetSecretValue"], resources });
  if (secret.encryptionKey === undefined) return [read];
  const decrypt = new PolicyStatement({
    actions: ["kms:Decrypt"],
    resources: [secret.encryptionKey.keyArn],
    conditions: {
      StringEquals: { "kms:ViaService": `secretsmanager.${Aws.REGION}.${Aws.URL_SUFFIX}` },
    },
  });
  return [read, decrypt];
}
