/** API Gateway's authorizer: the deployed one's code, asked with an event as API Gateway's. */
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type { TokenKind } from "../api/identity-document.ts";
import type { AnyOperation } from "../api/operation.ts";
import type { Authenticate } from "../authorizer/authenticator.ts";
import { authorizerLambda } from "../authorizer/lambda.ts";

/** An endpoint whose callers carry tokens. */
export interface TokenEndpoint {
  readonly kind: TokenKind;
  readonly authenticate: Authenticate;
}

/** The event with what the authorizer found out. */
export type Authorize = (
  event: APIGatewayProxyEventV2,
  operation: AnyOperation,
) => Promise<APIGatewayProxyEventV2>;

export function authorizing({ authenticate }: TokenEndpoint): Authorize {
  const authorizer = authorizerLambda(() => authenticate);
  return async (event, operation) => {
    if (isOpen(event, operation)) return event;
    const { body: _, isBase64Encoded: __, ...head } = event;
    const { apiId, accountId, http } = event.requestContext;
    const routeArn = `arn:aws:execute-api:local:${accountId}:${apiId}/$default/${http.method}${event.rawPath}`;
    const { context } = await authorizer({ ...head, type: "REQUEST", routeArn });
    const requestContext = { ...event.requestContext, authorizer: { lambda: context } };
    return { ...event, requestContext };
  };
}

/** Routes that the stack gives no authorizer: of public documents and of preflight requests. */
function isOpen({ requestContext }: APIGatewayProxyEventV2, { route, rule }: AnyOperation) {
  if (requestContext.http.method === "OPTIONS") return true;
  return route !== "$default" && rule === undefined;
}
