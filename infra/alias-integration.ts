/**
 * How API Gateway invokes a function: on its alias, with the one role that all
 * integrations assume. A permission for each function would cost a resource each.
 */
import {
  HttpIntegrationType,
  HttpRouteIntegration,
  type HttpRouteIntegrationConfig,
  IntegrationCredentials,
  PayloadFormatVersion,
} from "aws-cdk-lib/aws-apigatewayv2";
import {
  type IRole,
  PolicyDocument,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from "aws-cdk-lib/aws-iam";
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

export class AliasIntegration extends HttpRouteIntegration {
  readonly #alias: IAlias;
  readonly #role: IRole;

  /** @param id of the operation */
  constructor(id: string, alias: IAlias, role: IRole) {
    super(`${id.replaceAll("/", "-")}-integration`);
    this.#alias = alias;
    this.#role = role;
  }

  override bind(): HttpRouteIntegrationConfig {
    return {
      type: HttpIntegrationType.AWS_PROXY,
      uri: this.#alias.functionArn,
      payloadFormatVersion: PayloadFormatVersion.VERSION_2_0,
      credentials: IntegrationCredentials.fromRole(this.#role),
    };
  }
}
