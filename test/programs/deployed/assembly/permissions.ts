/**
 * What the roles of a template allow: inline policies, and policies attached to roles. A
 * statement allows or denies actions on resources, with `*` and `?` in both. Where it has
 * conditions, they are taken as not met for an allowance and as met for a denial. Managed
 * policies of AWS are not read.
 */
import * as z from "zod";
import type { Template } from "./template.ts";

const texts = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => (typeof given === "string" ? [given] : given));

const statementSchema = z.object({
  Effect: z.enum(["Allow", "Deny"]),
  Action: texts,
  Resource: texts,
  Condition: z.unknown().optional(),
});
const documentSchema = z.object({
  Statement: z.union([statementSchema.transform((one) => [one]), z.array(statementSchema)]),
});
const roleSchema = z.object({
  Policies: z.array(z.object({ PolicyDocument: documentSchema })).default([]),
});
const policySchema = z.object({ PolicyDocument: documentSchema, Roles: z.array(z.string()) });

type Statement = z.infer<typeof statementSchema>;

export class Permissions {
  /** By the role's ARN. */
  readonly #statements = new Map<string, readonly Statement[]>();

  constructor(template: Template) {
    const attached = template.ofType("AWS::IAM::Policy", policySchema);
    for (const [id, { Policies }] of template.ofType("AWS::IAM::Role", roleSchema)) {
      const name = template.names.ref(id);
      const own = Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
      const others = attached
        .filter(([, { Roles }]) => Roles.includes(name))
        .flatMap(([, { PolicyDocument }]) => PolicyDocument.Statement);
      this.#statements.set(template.names.attribute(id, "Arn"), [...own, ...others]);
    }
  }

  /** @param action for example `dynamodb:GetItem` */
  allows(role: string, action: string, resource: string): boolean {
    const about = (this.#statements.get(role) ?? []).filter(
      ({ Action, Resource }) =>
        Action.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
        Resource.some((pattern) => matches(pattern, resource)),
    );
    if (about.some(({ Effect }) => Effect === "Deny")) return false;
    return about.some(({ Effect, Condition }) => Effect === "Allow" && Condition === undefined);
  }
}

/** Whether `text` has the form of an IAM pattern. */
export function matches(pattern: string, text: string): boolean {
  const parts = pattern.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${parts.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s").test(text);
}
