/** Callers over HTTP: IAM principals and their roles in Placement. */
import { Stack, Token } from "aws-cdk-lib";
import type { IRole, IUser } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import { BadSettings } from "./bad-settings.ts";

export interface Caller {
  /** An IAM role or user, or its ARN, which must be known at synthesis. */
  readonly principal: IRole | IUser | string;
  /** For example `["service"]`; the policy's rules say what they permit. */
  readonly placementRoles: readonly string[];
  /**
   * IAM's unique id of the principal, `AROA…` of a role and `AIDA…` of a user. With
   * it, a principal that is deleted and created again under its name is a different one.
   */
  readonly principalId?: string | undefined;
}

export interface MappedCaller {
  /** In the form that the functions compare: a role's ARN without its path. */
  readonly arn: string;
  readonly placementRoles: readonly string[];
  readonly principalId: string | undefined;
}

/** Prefixes of the ids that IAM gives to roles and users. */
const ID_OF_ROLE = /^AROA[A-Z0-9]{12,124}$/;
const ID_OF_USER = /^AIDA[A-Z0-9]{12,124}$/;

/**
 * @throws BadSettings if a principal is named twice, an ARN is not known at synthesis, or
 *   an id has the wrong prefix for its kind
 */
export function mapCallers(scope: Construct, callers: readonly Caller[]): MappedCaller[] {
  const mapped = callers.map(({ principal, placementRoles, principalId }) => {
    if (typeof principal === "string") checkKnown(principal);
    checkId(principal, principalId);
    return { arn: principalArn(scope, principal), placementRoles, principalId };
  });
  const arns = mapped.map(({ arn }) => arn);
  const twice = arns.find((arn, index) => arns.indexOf(arn) !== index);
  if (twice !== undefined) throw new BadSettings(`callers names ${twice} twice`);
  return mapped;
}

/** Kind and path are read from it; its account may be known to CloudFormation only. */
function checkKnown(arn: string): void {
  const [principal] = /:(role|user)\/.+$/.exec(arn) ?? [arn];
  if (Token.isUnresolved(principal)) {
    throw new BadSettings(
      "callers has an ARN as text that is not known when the stack is made: give the role or user itself, or an ARN that is known",
    );
  }
}

function checkId(principal: Caller["principal"], id: string | undefined): void {
  if (id === undefined || Token.isUnresolved(id)) return;
  const isRole =
    typeof principal === "string" ? principal.includes(":role/") : "roleArn" in principal;
  if ((isRole ? ID_OF_ROLE : ID_OF_USER).test(id)) return;
  const wanted = isRole ? "a role, AROA…" : "a user, AIDA…";
  throw new BadSettings(`callers has the id ${id}, which is not that of ${wanted}`);
}

/** API Gateway passes the ARN of the role's session, which has the role's name but not its path. */
function principalArn(scope: Construct, principal: Caller["principal"]): string {
  if (typeof principal === "string") return withoutPath(principal);
  if (!("roleArn" in principal)) return principal.userArn;
  if (!Token.isUnresolved(principal.roleArn)) return withoutPath(principal.roleArn);
  return Stack.of(scope).formatArn({
    service: "iam",
    region: "",
    account: principal.env.account,
    resource: "role",
    resourceName: principal.roleName,
  });
}

function withoutPath(arn: string): string {
  return arn.replace(/:role\/.*\//, ":role/");
}
