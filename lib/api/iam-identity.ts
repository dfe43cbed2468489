/**
 * Identity from AWS IAM: API Gateway has verified the SigV4 signature and passes on who
 * signed. The stack's configuration maps IAM roles and users to Placement roles; a caller
 * that is not in the map has none.
 *
 * Source: IAM user guide, "IAM identifiers" and "IAM JSON policy elements: where you
 * can use policy variables", the table of `aws:userid`.
 */
import * as z from "zod";
import type { Signer } from "./caller.ts";
import type { Identity } from "./identity.ts";

const roles = z.array(z.string().min(1));

/**
 * `{"arn:aws:iam::123456789012:role/nova": ["service"]}`, or with the unique id of
 * the principal, which differs once the principal was deleted and created again:
 * `{"arn:…:role/nova": {"roles": ["service"], "id": "AROAEXAMPLE"}}`.
 */
export const roleMapSchema = z.record(
  z.string(),
  z.union([
    roles,
    z.strictObject({
      roles,
      id: z.string().regex(/^[^:\s]{1,255}$/),
    }),
  ]),
);

export type RoleMap = z.infer<typeof roleMapSchema>;

const ASSUMED_ROLE = /^arn:([a-z-]+):sts::(\d+):assumed-role\/([^/\s]+)\/[^/\s]+$/;

/** The ARN of the role behind a session, or the ARN itself of a user, the root or a federated user. */
export function principalArn(userArn: string): string {
  const match = ASSUMED_ROLE.exec(userArn);
  return match === null ? userArn : `arn:${match[1]}:iam::${match[2]}:role/${match[3]}`;
}

/** The unique id of a principal: `ID:SESSION` of a role's session, `ID` alone of a user. */
function principalId(userId: string | undefined): string | undefined {
  return userId?.split(":", 1)[0];
}

export function signerIdentity(map: RoleMap, { userArn, accountId, userId }: Signer): Identity {
  const arn = principalArn(userArn);
  return {
    kind: "iam",
    user: arn,
    project: accountId,
    roles: rolesOf(map, arn, principalId(userId)),
    system: false,
  };
}

/** If the map names an id, both ARN and id must match the caller. */
function rolesOf(map: RoleMap, arn: string, id: string | undefined): readonly string[] {
  const entry = Object.hasOwn(map, arn) ? map[arn] : undefined;
  if (entry === undefined || Array.isArray(entry)) return entry ?? [];
  return entry.id === id ? entry.roles : [];
}
