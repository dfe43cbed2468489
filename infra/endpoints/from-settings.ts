/** An endpoint of the settings as props: constructs for ARNs and ids. Nothing is looked up. */
import { readFileSync } from "node:fs";
import { Annotations, Duration, Fn } from "aws-cdk-lib";
import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import { InterfaceVpcEndpoint, SecurityGroup, Subnet, Vpc } from "aws-cdk-lib/aws-ec2";
import { PolicyDocument } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import { BadSettings } from "../bad-settings.ts";
import type { AuthorizerProps, EndpointProps, KeystoneEndpointProps, PlaceProps } from "./props.ts";
import type { EndpointSettings } from "./settings.ts";

type TokenSettings = Exclude<EndpointSettings, { kind: "iam" }>;

/** @throws BadSettings */
export function endpointFrom(
  parent: Construct,
  settings: EndpointSettings,
  index: number,
): EndpointProps {
  const scope = new Construct(parent, `Endpoint${index + 1}`);
  const place = placeOf(scope, settings);
  const { kind } = settings;
  if (kind === "iam") return { kind, ...place };
  const common = { ...place, ...authorizerOf(scope, settings) };
  if (kind === "jwt") {
    const { issuer, audience, claims } = settings;
    return { kind, issuer, audience, claims, ...common };
  }
  const tokenCacheTime = given(settings.tokenCacheTime, (age) => Duration.seconds(age));
  return { kind, url: settings.url, secret: secretOf(scope, settings), tokenCacheTime, ...common };
}

function placeOf(scope: Construct, settings: EndpointSettings): PlaceProps {
  const { basePath, domainName, mappingKey, disableExecuteApiEndpoint, rest, webAclArn } = settings;
  return {
    basePath,
    domainName,
    mappingKey,
    disableExecuteApiEndpoint,
    rest,
    webAclArn,
    certificate: given(settings.certificateArn, (arn) => {
      return Certificate.fromCertificateArn(scope, "Certificate", arn);
    }),
    private: given(settings.private, ({ vpcEndpointIds }) => ({
      vpcEndpoints: vpcEndpointIds.map((vpcEndpointId) => {
        const attributes = { vpcEndpointId, port: 443 };
        const name = `VpcEndpoint-${vpcEndpointId}`;
        return InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(scope, name, attributes);
      }),
    })),
    resourcePolicy: given(settings.resourcePolicy, policyFrom),
  };
}

function policyFrom(document: Readonly<Record<string, unknown>>): PolicyDocument {
  try {
    return PolicyDocument.fromJson(document);
  } catch {
    throw new BadSettings("endpoints: resourcePolicy is no policy of IAM");
  }
}

function authorizerOf(scope: Construct, settings: TokenSettings): AuthorizerProps {
  const { authorizerCache, memorySize, reservedConcurrency, vpc, caFile } = settings;
  return {
    authorizerCache: given(authorizerCache, (age) => Duration.seconds(age)),
    memorySize,
    reservedConcurrency,
    ca: given(caFile, readCertificates),
    ...(vpc === undefined ? {} : networkOf(scope, vpc)),
  };
}

function networkOf(
  scope: Construct,
  { vpcId, subnetIds, securityGroupIds }: NonNullable<TokenSettings["vpc"]>,
) {
  // Nothing here asks for the subnets' route tables.
  Annotations.of(scope).acknowledgeWarning("@aws-cdk/aws-ec2:noSubnetRouteTableId");
  // Nor where they are, which a stack without a region does not know.
  const availabilityZones = subnetIds.map((_, index) => Fn.select(index, Fn.getAzs()));
  const subnets = subnetIds.map((id) => Subnet.fromSubnetId(scope, id, id));
  return {
    vpc: Vpc.fromVpcAttributes(scope, "Vpc", { vpcId, availabilityZones }),
    vpcSubnets: { subnets },
    securityGroups: securityGroupIds.map((id) => {
      return SecurityGroup.fromSecurityGroupId(scope, id, id, { mutable: false });
    }),
  };
}

function secretOf(
  scope: Construct,
  { secretArn, secretKeyArn }: Extract<TokenSettings, { kind: "keystone" }>,
): KeystoneEndpointProps["secret"] {
  const encryptionKey = given(secretKeyArn, (arn) => Key.fromKeyArn(scope, "SecretKey", arn));
  const attributes = { secretCompleteArn: secretArn };
  return Secret.fromSecretAttributes(
    scope,
    "Secret",
    encryptionKey === undefined ? attributes : { ...attributes, encryptionKey },
  );
}

function readCertificates(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new BadSettings(`endpoints: the caFile ${file} cannot be read`);
  }
}

export function given<T, U>(value: T | undefined, make: (value: T) => U): U | undefined {
  return value === undefined ? undefined : make(value);
}
