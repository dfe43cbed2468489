/** Why rules of cdk-nag are suppressed for the console. */
import type { Acknowledgment } from "aws-cdk-lib";

export const BUCKET_REASONS: readonly Acknowledgment[] = [
  {
    id: "AwsSolutions-S1",
    reason:
      "It has the same files for everybody, which CloudFront alone reads and anybody may see.",
  },
];

export const DISTRIBUTION_REASONS: readonly Acknowledgment[] = [
  {
    id: "AwsSolutions-CFR1",
    reason: "Where an operator may be is not for the stack to say.",
  },
  {
    id: "AwsSolutions-CFR2",
    reason:
      "Its files are the same for everybody; the API behind it has limits and a policy of its own.",
  },
  {
    id: "AwsSolutions-CFR3",
    reason:
      "Requests for files say nothing; those for the API are in its access log, line by line.",
  },
];

/** Of a distribution under CloudFront's own name. */
export const OWN_NAME_REASON: Acknowledgment = {
  id: "AwsSolutions-CFR4",
  reason:
    "CloudFront's own certificate has no other policy; a domain name with a certificate is a setting.",
};

const DEPLOYS =
  "The CDK's function copies the files at a deployment, from the CDK's own bucket into this one; its " +
  "actions name both, and all objects in them.";

const ACTIONS = ["s3:GetBucket*", "s3:GetObject*", "s3:List*", "s3:Abort*", "s3:DeleteObject*"];

/**
 * Of the CDK's function that copies the files into the bucket.
 * @param bucket its ARN, as cdk-nag writes it
 * @param assets likewise, of the CDK's own bucket
 */
export const deploymentReasons = (bucket: string, assets: string): readonly Acknowledgment[] => [
  {
    id: "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]",
    reason: "The CDK chooses the role of its own function, which runs at deployments alone.",
  },
  { id: "AwsSolutions-L1", reason: "The CDK chooses the runtime of its own function." },
  {
    id: "Serverless-LambdaLatestVersion",
    reason: "The CDK chooses the runtime of its own function.",
  },
  { id: "Serverless-LambdaDLQ", reason: "CloudFormation invokes it, and reports what fails." },
  { id: "Serverless-LambdaTracing", reason: "It runs at deployments alone." },
  ...ACTIONS.map((action) => ({ id: `AwsSolutions-IAM5[Action::${action}]`, reason: DEPLOYS })),
  ...[bucket, assets].map((arn) => ({
    id: `AwsSolutions-IAM5[Resource::${arn}/*]`,
    reason: DEPLOYS,
  })),
];
