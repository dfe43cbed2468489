/**
 * Brings the built files into the bucket. The CDK's own construct does that: it works with tokens in
 * the configuration, needs neither container nor network at synthesis, and removes the files with the
 * stack. A function of our own would need the rights, the answers to CloudFormation and the tests of
 * that one.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DefaultStackSynthesizer, RemovalPolicy, Stack, Token, Validations } from "aws-cdk-lib";
import { type ILogGroup, LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { BucketDeployment, Source } from "aws-cdk-lib/aws-s3-deployment";
import type { Construct } from "constructs";
import type { ConsoleConfig } from "../../lib/api/console/config.ts";
import { CONFIG_FILE, INDEX_FILE } from "../../lib/api/console/files.ts";
import { BadSettings } from "../bad-settings.ts";
import { root } from "../bundling.mjs";
import { deploymentReasons } from "./reasons.ts";

/** Where the checkout builds the console, and the package has it. */
const BUILT = "dist/console";

/** @throws BadSettings */
export function builtFolder(folder: string = join(root, BUILT)): string {
  if (existsSync(join(folder, INDEX_FILE))) return folder;
  throw new BadSettings(`console is not built in ${folder}: 'npm run prepare' builds it`);
}

export interface Deployed {
  readonly bucket: IBucket;
  readonly folder: string;
  readonly config: ConsoleConfig;
}

export function deployFiles(scope: Construct, { bucket, folder, config }: Deployed): void {
  const logs = new LogGroup(scope, "DeploymentLog", {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const deployment = new BucketDeployment(scope, "Deployment", {
    sources: [
      // Sources of the files stay where they are.
      Source.asset(folder, { exclude: ["*.map"] }),
      Source.jsonData(CONFIG_FILE, config),
    ],
    destinationBucket: bucket,
    retainOnDelete: false,
    logGroup: logs as ILogGroup,
  });
  // One function for all such deployments of a stack, beside the constructs that need it.
  const { scope: handler } = deployment.handlerRole.node;
  if (handler === undefined) throw new Error("the CDK's function has no role");
  const reasons = deploymentReasons(`<${referred(bucket)}>`, assetsArn(scope));
  Validations.of(handler).acknowledge(...reasons);
}

/** `Files.Arn`. */
function referred(bucket: IBucket): string {
  const { "Fn::GetAtt": attribute = [] }: { readonly "Fn::GetAtt"?: readonly string[] } = Stack.of(
    bucket,
  ).resolve(bucket.bucketArn);
  return attribute.join(".");
}

/** Of the bucket from which the CDK deploys files, as cdk-nag writes it. */
function assetsArn(scope: Construct): string {
  const { account, region, synthesizer } = Stack.of(scope);
  const { bootstrapQualifier = DefaultStackSynthesizer.DEFAULT_QUALIFIER } = synthesizer;
  const [ofAccount, ofRegion] = [
    Token.isUnresolved(account) ? "<AWS::AccountId>" : account,
    Token.isUnresolved(region) ? "<AWS::Region>" : region,
  ];
  return `arn:<AWS::Partition>:s3:::cdk-${bootstrapQualifier}-assets-${ofAccount}-${ofRegion}`;
}
