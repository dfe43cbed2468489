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
import { type Assembly, aliasesOf, allowed, type Resource, synthesize } from "./assembly.ts";
import { answerOf, eventOf, type GatewayAnswer, routeOf, type SignedRequest } from "./gateway.ts";
import { apiOf, behind, type RouteTarget } from "./routes.ts";

const HOST = fileURLToPath(new URL("host.mjs", import.meta.url));
const REGION = "us-east-1";

/** What the IAM authorizer answers to requests without a signature. */
const FORBIDDEN: GatewayAnswer = { status: 403, headers: {}, body: { message: "Forbidden" } };

/** What API Gateway answers where its role may not invoke the function. */
const INTERNAL_ERROR: GatewayAnswer = {
  status: 500,
  headers: {},
  body: { message: "Internal Server Error" },
};

export interface Deployed {
  readonly assembly: Assembly;
  /** Of Node.js, under which the functions run: `v24.1.0`. */
  readonly release: string;
  request(method: string, target: string, request?: SignedRequest): Promise<GatewayAnswer>;
  /**
   * Invokes an operation on an alias, `direct` by default, and a task without one.
   *
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
    // Each request logs a line.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
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
  const [{ release }] = (await once(host, "message")) as [{ readonly release: string }];
  const invoke = (made: Resource, qualifier: string | undefined, event: unknown) =>
    ask(host, {
      file: join(assembly.codeOf(made), "index.mjs"),
      event,
      invokedFunctionArn: arnOf(made, qualifier),
    });
  return {
    assembly,
    release,
    request: async (method, target, request = {}) => {
      const api = apiOf(assembly);
      const match = routeOf(api, method, target);
      const event = eventOf(api, match, { method, target, ...request });
      if (event === undefined) return FORBIDDEN;
      const reached = behind(assembly, match.route);
      if (!mayInvoke(assembly, reached)) return INTERNAL_ERROR;
      return answerOf(await invoke(reached.lambda, reached.qualifier, event));
    },
    invoke: (id, payload, qualifier) => {
      const name = `placement-${id.replaceAll("/", "-")}`;
      const found = assembly
        .ofType("AWS::Lambda::Function")
        .find(([, { Properties }]) => Properties.FunctionName === name);
      if (found === undefined) throw new Error(`${id} is not deployed`);
      const aliases = aliasesOf(assembly, found[0]);
      const chosen = qualifier ?? (aliases.size > 0 ? "direct" : undefined);
      if (chosen !== undefined && !aliases.has(chosen)) {
        throw new Error(`${id} has no alias ${chosen}`);
      }
      return invoke(found[1], chosen, payload);
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

/** The environment that the template gives to every function alike, apart from the names of table and bus. */
function commonEnvironment(assembly: Assembly): Record<string, string> {
  const environments = assembly
    .ofType("AWS::Lambda::Function")
    // The CDK sorts the names where there is a version, and does not elsewhere.
    .map(([, { Properties }]) =>
      JSON.stringify(
        Object.entries(Properties.Environment.Variables)
          .filter(([name]) => name !== "EVENT_BUS")
          .sort(),
      ),
    );
  if (new Set(environments).size !== 1) throw new Error("the functions' environments differ");
  const { TABLE_NAME: _table, ...others } = Object.fromEntries(JSON.parse(environments[0] ?? "[]"));
  return others;
}

/** Whether the role that the integration names may invoke the alias. */
function mayInvoke({ resources }: Assembly, { roleId, aliasId }: RouteTarget): boolean {
  const role = resources[roleId];
  return role !== undefined && allowed(role, "lambda:InvokeFunction").includes(aliasId);
}

/** As Lambda tells a function how it was invoked. */
function arnOf({ Properties }: Resource, qualifier: string | undefined): string {
  const arn = `arn:aws:lambda:${REGION}:123456789012:function:${Properties.FunctionName}`;
  return qualifier === undefined ? arn : `${arn}:${qualifier}`;
}

interface Invocation {
  readonly file: string;
  readonly event: unknown;
  readonly invokedFunctionArn: string;
}

async function ask(host: ChildProcess, invocation: Invocation) {
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
