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
import { clientConfig, ensureTable } from "../../../lib/local/table.ts";
import { type Assembly, functionBehind, type Resource, synthesize } from "./assembly.ts";
import { answerOf, eventOf, type GatewayAnswer, routeOf, type SignedRequest } from "./gateway.ts";

const HOST = fileURLToPath(new URL("host.mjs", import.meta.url));
const REGION = "us-east-1";

/** What the IAM authorizer answers to requests without a signature. */
const FORBIDDEN: GatewayAnswer = { status: 403, headers: {}, body: { message: "Forbidden" } };

export interface Deployed {
  readonly assembly: Assembly;
  request(method: string, target: string, request?: SignedRequest): Promise<GatewayAnswer>;
  /**
   * @param qualifier the alias; default `direct`
   * @throws Error with the function's own error, as Lambda tells it
   */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  invoke(id: string, payload: unknown, qualifier?: string): Promise<any>;
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
    // Another release of Node.js than that of the tests: see `npm run test:lambda-runtime`.
    execPath: process.env["LAMBDA_NODE"] ?? process.execPath,
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
  const invoke = (made: Resource, event: unknown, qualifier: string) =>
    ask(host, { file: join(assembly.codeOf(made), "index.mjs"), event, qualifier });
  return {
    assembly,
    request: async (method, target, request = {}) => {
      const match = routeOf(assembly, method, target);
      const event = eventOf(match, { method, target, ...request });
      if (event === undefined) return FORBIDDEN;
      const behind = assembly.resources[functionBehind(assembly, match.route)] as Resource;
      return answerOf(await invoke(behind, event, "http"));
    },
    invoke: (id, payload, qualifier = "direct") => {
      const name = `placement-${id.replaceAll("/", "-")}`;
      const found = assembly
        .ofType("AWS::Lambda::Function")
        .find(([, { Properties }]) => Properties.FunctionName === name);
      if (found === undefined) throw new Error(`${id} is not deployed`);
      return invoke(found[1], payload, qualifier);
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

async function ask(host: ChildProcess, invocation: Readonly<Record<string, unknown>>) {
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
  host.send({ id, ...invocation });
  const { result, error } = await answer;
  if (error === undefined) return result as never;
  const { errorType, errorMessage } = error as Record<string, string>;
  throw new Error(`${errorType}: ${errorMessage}`);
}
