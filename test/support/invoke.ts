/** Operations made for a test, and the results of their functions. */
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { type Configuration, DEFAULT_CONFIGURATION } from "../../lib/api/configuration.ts";
import type { DirectResult } from "../../lib/api/direct.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { type AnyOperation, methodOf } from "../../lib/api/operation.ts";
import { Policy } from "../../lib/api/policy.ts";
import { systemClock } from "../../lib/api/system-clock.ts";
import { systemRandom } from "../../lib/api/system-random.ts";
import { httpEvent } from "../../lib/local/http-event.ts";
import { noauthIdentity } from "../../lib/local/noauth-identity.ts";
import { lambdaContext } from "./lambda-context.ts";

export function madeOperation(
  run: AnyOperation["run"],
  more: Partial<AnyOperation> = {},
): AnyOperation {
  return {
    kind: "operation",
    id: "test/made",
    summary: "Made for a test",
    route: "GET /made",
    since: "1.0",
    rule: "placement:traits:list",
    access: [],
    refusals: [],
    run,
    ...more,
  };
}

function handlerOf(operation: AnyOperation, configuration: Partial<Configuration>) {
  return lambda(operation, async () => ({
    openStore: () => ({}) as never,
    identify: noauthIdentity,
    configuration: { ...DEFAULT_CONFIGURATION, ...configuration },
    policy: new Policy("secure"),
    clock: systemClock,
    random: systemRandom,
    log: () => undefined,
  }));
}

/** As API Gateway invokes it. */
export async function overHttp(
  operation: AnyOperation,
  headers: Readonly<Record<string, string>> = {},
  configuration: Partial<Configuration> = {},
) {
  const sent = { "X-Auth-Token": "admin", "OpenStack-API-Version": "placement 1.39", ...headers };
  const { event } = httpEvent(
    [operation],
    {
      method: methodOf(operation),
      target: "/made",
      httpVersion: "1.1",
      rawHeaders: Object.entries(sent).flat(),
      sourceIp: "127.0.0.1",
      localPort: 80,
      body: new Uint8Array(),
    },
    Date.now(),
  );
  const handler = handlerOf(operation, configuration);
  const result = await handler(event, lambdaContext("http"));
  return result as APIGatewayProxyStructuredResultV2 & {
    readonly headers: Readonly<Record<string, string>>;
  };
}

/** As another function invokes it. */
export async function directly(operation: AnyOperation): Promise<DirectResult> {
  const result = await handlerOf(operation, {})({ version: "1.39" }, lambdaContext("direct"));
  return result as DirectResult;
}
