/** The setting `endpoints`: what `props.ts` describes, with ARNs and ids in place of constructs. */
import * as z from "zod";
import { TOKEN_CACHE_BOUNDS } from "../../lib/authorizer/configuration.ts";
import { claimsSchema } from "../../lib/authorizer/jwt/claims.ts";
import { boundsWords, isWithin, STACK_BOUNDS, type StackBounds } from "../bounds.ts";

const number = (bounds: StackBounds) =>
  z.number().refine((value) => isWithin(value, bounds), boundsWords(bounds));

const arn = (service: string, words: string) =>
  z.string().regex(new RegExp(`^arn:[a-z-]+:${service}:[a-z0-9-]+:\\d{12}:\\S+$`), words);

const id = (prefix: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `an id like ${prefix}-0123456789abcdef0`);

const url = z.url({ protocol: /^https?$/, error: "a URL" });

const place = {
  basePath: z.string().max(255).optional(),
  domainName: z
    .string()
    .regex(/^(\*\.)?([a-z0-9-]{1,63}\.)+[a-z]{2,63}$/, "a domain name in lower case")
    .optional(),
  certificateArn: arn("acm", "the ARN of a certificate").optional(),
  mappingKey: z.string().max(255).optional(),
  disableExecuteApiEndpoint: z.boolean().optional(),
  rest: z.boolean().optional(),
  private: z.strictObject({ vpcEndpointIds: z.array(id("vpce")).min(1).max(20) }).optional(),
  webAclArn: arn("wafv2", "the ARN of a regional web ACL").optional(),
  /** A policy document of IAM. */
  resourcePolicy: z.record(z.string(), z.unknown()).optional(),
};

const authorizer = {
  authorizerCache: number(STACK_BOUNDS.authorizerCache).optional(),
  memorySize: number(STACK_BOUNDS.memorySize).optional(),
  reservedConcurrency: number(STACK_BOUNDS.reservedConcurrency).optional(),
  vpc: z
    .strictObject({
      vpcId: id("vpc"),
      subnetIds: z.array(id("subnet")).min(1).max(16),
      securityGroupIds: z.array(id("sg")).min(1).max(5),
    })
    .optional(),
  /** A file of PEM certificates, from the folder in which the command runs. */
  caFile: z.string().min(1).optional(),
};

const keystone = z.strictObject({
  kind: z.literal("keystone"),
  url,
  secretArn: z
    .string()
    .regex(
      /^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:\S+-[A-Za-z0-9]{6}$/,
      "the whole ARN of a secret, with the six characters at its end",
    ),
  /** The key that encrypts the secret, where it is not the account's own for Secrets Manager. */
  secretKeyArn: arn("kms", "the ARN of a KMS key").optional(),
  tokenCacheTime: number({ ...TOKEN_CACHE_BOUNDS, step: 1 }).optional(),
  ...place,
  ...authorizer,
});

const jwt = z.strictObject({
  kind: z.literal("jwt"),
  issuer: url,
  audience: z.string().min(1).max(255),
  claims: claimsSchema.optional(),
  ...place,
  ...authorizer,
});

export const endpointSchema = z.discriminatedUnion(
  "kind",
  [z.strictObject({ kind: z.literal("iam"), ...place }), keystone, jwt],
  'an object with kind "iam", "keystone" or "jwt"',
);

export const endpointsSchema = z.array(endpointSchema).min(1).max(3);

export type EndpointSettings = z.infer<typeof endpointSchema>;
