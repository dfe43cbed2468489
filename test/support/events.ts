/** Events as API Gateway makes them, and as a caller who may invoke a function can forge them. */
import { operations } from "../../functions/index.ts";
import { deployedIdentity } from "../../lib/api/deployed-identity.ts";
import type { AnyOperation } from "../../lib/api/operation.ts";
import type { Runtime } from "../../lib/api/runtime.ts";
import { httpEvent } from "../../lib/local/http-event.ts";

const ACCOUNT = "123456789012";
/** In the map of {@link deployedAs}. */
export const SIGNER = `arn:aws:sts::${ACCOUNT}:assumed-role/nova/session`;

const ROLES = { [`arn:aws:iam::${ACCOUNT}:role/nova`]: ["admin", "service"] };

export interface Wanted {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly version?: string;
}

export interface EventChange {
  readonly rawPath?: string;
  readonly stage?: string;
  /** The ARN of whoever signed; none: nobody did. */
  readonly signer?: string;
}

/** The event of a request and the operation of its route. */
export function gatewayEvent(wanted: Wanted, change: EventChange = {}) {
  const { method, path, body, version = "1.39" } = wanted;
  const headers = {
    host: "api.example",
    "openstack-api-version": `placement ${version}`,
    // What a local server believes, and a function must not.
    "x-auth-token": "admin",
    "x-roles": "admin,service",
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  };
  const made = httpEvent(
    operations,
    {
      method,
      target: path,
      httpVersion: "1.1",
      rawHeaders: Object.entries(headers).flat(),
      sourceIp: "192.0.2.1",
      localPort: 443,
      body: Buffer.from(body === undefined ? "" : JSON.stringify(body)),
    },
    Date.UTC(2030, 0, 1),
  );
  const { rawPath = made.event.rawPath, stage = made.event.requestContext.stage, signer } = change;
  const requestContext = {
    ...made.event.requestContext,
    stage,
    ...(signer === undefined ? {} : { authorizer: authorizerOf(signer) }),
  };
  return { operation: made.operation, event: { ...made.event, rawPath, requestContext } };
}

/** API Gateway developer guide, "Controlling access to HTTP APIs with IAM authorization". */
export function authorizerOf(userArn: string, userId = "AROAEXAMPLE:session") {
  return {
    iam: {
      accessKey: "ASIAEXAMPLE",
      accountId: ACCOUNT,
      callerId: userId,
      cognitoIdentity: null,
      principalOrgId: "aws:PrincipalOrgID",
      userArn,
      userId,
    },
  };
}

/** A direct request for the same as an event of HTTP. */
export function directEvent({ operation, event }: ReturnType<typeof gatewayEvent>, body?: unknown) {
  const version = event.headers["openstack-api-version"]?.split(" ")[1];
  return {
    version,
    parameters: { ...event.pathParameters, ...event.queryStringParameters },
    ...(operation?.body === undefined ? {} : { body }),
  };
}

/** A runtime with a deployed function's identity; by default nobody may call directly. */
export function deployedAs(runtime: Runtime, directRoles: readonly string[] = []): Runtime {
  return {
    ...runtime,
    identify: deployedIdentity(ROLES, runtime.clock),
    configuration: { ...runtime.configuration, directRoles },
  };
}

/** A path of the operation, with values for its variables and the parameter that it is found by. */
export function examplePath({ route, onlyWith }: AnyOperation, value: string): string {
  const path = (route.split(" ")[1] ?? "/").replaceAll(/\{\w+\}/g, value);
  return onlyWith === undefined ? path : `${path}?${onlyWith.parameter}=${value}`;
}
