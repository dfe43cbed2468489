/**
 * The role as which API Gateway invokes functions, on their aliases: one for all routes of all
 * endpoints. A permission for each function would cost a resource each.
 */
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IAlias } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";

/** The role of all integrations: it may invoke these aliases and nothing else. */
export function integrationRole(scope: Construct, aliases: readonly IAlias[]): Role {
  const invoke = new PolicyStatement({
    actions: ["lambda:InvokeFunction"],
    resources: aliases.map(({ functionArn }) => functionArn),
  });
  return new Role(scope, "Role", {
    assumedBy: new ServicePrincipal("apigateway.amazonaws.com"),
    description: "Invokes the functions for API Gateway, on their aliases for HTTP",
    inlinePolicies: { Invoke: new PolicyDocument({ statements: [invoke] }) },
  });
}
