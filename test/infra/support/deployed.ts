/**
 * The stack, deployed as far as one machine goes: API Gateway's part is played
 * from the template's routes, Lambda's by a process that loads the assembly's
 * code, DynamoDB's by the engine of the test run.
 */
import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DeleteTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { matchPath } from "../../../lib/api/routes.ts";
import { httpEvent } from "../../../lib/local/http-event.ts";
import { clientConfig, ensureTable } from "../../../lib/local/table.ts";
import { type Assembly, functionBehind, type Resource, synthesize } from "./assembly.ts";

const HOST = fileURLToPath(new URL("host.mjs", import.meta.url));
const REGION = "us-east-1";

export interface SignedRequest {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The ARN of whoever signed; none: the request is not signed. */
  readonly caller?: string;
  readonly version?: string;
}

export interface GatewayAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into documents of every form
  readonly body: any;
}

export interface Deployed {
  readonly assembly: Assembly;
  request(method: string, target: string, request?: SignedRequest): Promise<GatewayAnswer>;
  /** @throws Error with the function's own error, as Lambda tells it */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  invoke(id: string, payload: unknown): Promise<any>;
  close(): Promise<void>;
}

/** @param extra environment beyond the template's, to show what it does not change */
export async function deploy(
  endpoint: string,
  settings: Readonly<Record<string, unknown>>,
  extra: Readonly<Record<string, string>> = {},
): Promise<Deployed> {
  const assembly = synthesize(settings);
  const tableName = `deployed-${randomUUID()}`;
  const config = clientConfig(endpoint, {});
  await ensureTable(config, tableName);
  const host = fork(HOST, {
    env: {
      ...commonEnvironment(assembly),
      TABLE_NAME: tableName,
      AWS_LAMBDA_FUNCTION_NAME: "placement",
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      ...extra,
    },
  });
  await once(host, "message");
  const invoke = (made: Resource, event: unknown) =>
    ask(host, join(assembly.codeOf(made), "index.mjs"), event);
  return {
    assembly,
    request: async (method, target, request = {}) => {
      const { route, parameters } = routeOf(assembly, method, target);
      const signed = route.Properties.AuthorizationType === "AWS_IAM";
      if (signed && request.caller === undefined) {
        return { status: 403, headers: {}, body: { message: "Forbidden" } };
      }
      const event = eventOf(method, target, request, signed);
      event.routeKey = event.requestContext.routeKey = route.Properties.RouteKey;
      if (Object.keys(parameters).length > 0) event.pathParameters = parameters;
      const behind = assembly.resources[functionBehind(assembly, route)] as Resource;
      return answerOf(await invoke(behind, event));
    },
    invoke: (id, payload) => {
      const name = `placement-${id.replaceAll("/", "-")}`;
      const found = assembly
        .ofType("AWS::Lambda::Function")
        .find(([, { Properties }]) => Properties.FunctionName === name);
      if (found === undefined) throw new Error(`${id} is not deployed`);
      return invoke(found[1], payload);
    },
    close: async () => {
      host.kill();
      const admin = new DynamoDBClient(config);
      await admin.send(new DeleteTableCommand({ TableName: tableName }));
      admin.destroy();
      assembly.remove();
    },
  };
}

/** The environment that the template gives to every function alike, the table's name apart. */
function commonEnvironment(assembly: Assembly): Record<string, string> {
  const environments = assembly
    .ofType("AWS::Lambda::Function")
    .map(([, { Properties }]) => JSON.stringify(Properties.Environment.Variables));
  if (new Set(environments).size !== 1) throw new Error("the functions' environments differ");
  const { TABLE_NAME: _table, ...others } = JSON.parse(environments[0] ?? "{}");
  return others;
}

/** Whole matches first, then a greedy variable, then `$default`, as API Gateway chooses. */
function routeOf(assembly: Assembly, method: string, target: string) {
  const path = decodeURIComponent(target.split("?")[0] ?? "");
  const routes = assembly.ofType("AWS::ApiGatewayV2::Route").map(([, route]) => route);
  const matches = routes.flatMap((route) => {
    const [verb, template] = route.Properties.RouteKey.split(" ");
    if (verb === "$default") return { route, parameters: {}, rank: 1_000 };
    if (verb !== method) return [];
    if (template === "/{proxy+}") {
      return path === "/" ? [] : { route, parameters: { proxy: path.slice(1) }, rank: 100 };
    }
    const parameters = matchPath(template, path);
    return parameters ? { route, parameters, rank: Object.keys(parameters).length } : [];
  });
  const [best] = matches.sort((a, b) => a.rank - b.rank);
  if (best === undefined) throw new Error("the template has no route $default");
  return best;
}

function eventOf(method: string, target: string, request: SignedRequest, signed: boolean) {
  const { body, caller, version = "1.39" } = request;
  const headers = {
    host: "abc.execute-api.us-east-1.amazonaws.com",
    "openstack-api-version": `placement ${version}`,
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...request.headers,
  };
  const { event } = httpEvent(
    [],
    {
      method,
      target,
      httpVersion: "1.1",
      rawHeaders: Object.entries(headers).flat(),
      sourceIp: "192.0.2.1",
      localPort: 443,
      body: Buffer.from(body === undefined ? "" : JSON.stringify(body)),
    },
    Date.now(),
  );
  if (!signed) return event;
  const iam = { accountId: "123456789012", userArn: caller, userId: "AROAEXAMPLE:session" };
  return Object.assign(event, {
    requestContext: { ...event.requestContext, authorizer: { iam } },
  });
}

function answerOf(result: APIGatewayProxyStructuredResultV2): GatewayAnswer {
  const headers = result.headers ?? {};
  const json = String(headers["content-type"] ?? "").startsWith("application/json");
  const body = json && result.body ? JSON.parse(result.body) : result.body;
  return { status: result.statusCode ?? 200, headers, body };
}

async function ask(host: ChildProcess, file: string, event: unknown) {
  const id = randomUUID();
  const answer = new Promise<Record<string, unknown>>((resolve, reject) => {
    const gone = () => reject(new Error("the functions' process ended"));
    const listen = (message: Record<string, unknown>) => {
      if (message["id"] !== id) return;
      host.off("message", listen);
      host.off("exit", gone);
      resolve(message);
    };
    host.on("message", listen);
    host.once("exit", gone);
  });
  host.send({ id, file, event });
  const { result, error } = await answer;
  if (error === undefined) return result as never;
  const { errorType, errorMessage } = error as Record<string, string>;
  throw new Error(`${errorType}: ${errorMessage}`);
}
