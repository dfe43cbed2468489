/**
 * Identity by AWS IAM: API Gateway has checked the SigV4 signature and says who
 * signed. A role's name is mapped to Placement's roles by the stack's
 * configuration; a caller that is not in the map has no role.
 */
import * as z from "zod";
import type { Identify } from "./identity.ts";

/** `{"arn:aws:iam::123456789012:role/nova": ["service"]}` */
export type RoleMap = Readonly<Record<string, readonly string[]>>;

const authorizerSchema = z.object({
  iam: z.object({ userArn: z.string(), accountId: z.string() }),
});

const ASSUMED_ROLE = /^arn:([a-z-]+):sts::(\d+):assumed-role\/([^/]+)\/[^/]+$/;

/** The ARN of the role behind a session, or the ARN itself for a user. */
export function principalArn(userArn: string): string {
  const match = ASSUMED_ROLE.exec(userArn);
  return match === null ? userArn : `arn:${match[1]}:iam::${match[2]}:role/${match[3]}`;
}

export function iamIdentity(roles: RoleMap): Identify {
  return async ({ authorizer }) => {
    const parsed = authorizerSchema.safeParse(authorizer);
    if (!parsed.success) return undefined;
    const arn = principalArn(parsed.data.iam.userArn);
    return {
      user: arn,
      project: parsed.data.iam.accountId,
      roles: Object.hasOwn(roles, arn) ? (roles[arn] ?? []) : [],
      system: false,
    };
  };
}
