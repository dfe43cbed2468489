/**
 * A deployment, played from an assembly alone: CloudFormation, Lambda, API Gateway, IAM and
 * Secrets Manager by this program, DynamoDB by the embedded engine, Keystone and an OpenID
 * Connect issuer by stubs. `docs/as-deployed.md` says what is played and what is not.
 */
import * as z from "zod";
import { dynoxide, type Engine, findEngine, startEngine } from "../../../lib/local/engine.ts";
import { lambdaNode } from "../../../scripts/lambda-node.mjs";
import { type StubIssuer, startStubIssuer } from "../../support/stub-issuer.ts";
import {
  STUB_CREDENTIAL,
  type StubKeystone,
  startStubKeystone,
} from "../../support/stub-keystone.ts";
import { functionsOf, type PlayedFunction } from "./assembly/functions.ts";
import { matches, Permissions } from "./assembly/permissions.ts";
import { CALLERS, SECRET_ARN } from "./assembly/synthesise.ts";
import { readTemplate, type Template } from "./assembly/template.ts";
import { dynamodb } from "./aws/dynamodb.ts";
import { type BusEntry, eventBridge } from "./aws/events.ts";
import { secretsManager } from "./aws/secrets.ts";
import { type Refused, Services } from "./aws/services.ts";
import { mappingOf, Stream } from "./aws/stream.ts";
import { createTable } from "./aws/table.ts";
import { apisOf } from "./gateway/api.ts";
import { Gateway } from "./gateway/gateway.ts";
import { type GatewayServer, startGateway } from "./gateway/server.ts";
import { type Principal, principal } from "./gateway/signature.ts";
import type { RouteLimits } from "./gateway/throttle.ts";
import { Lambda } from "./lambda/lambda.ts";
import { packedHeaders, whose } from "./shim.ts";

export type Kind = "iam" | "keystone" | "jwt";

export interface DeploymentOptions {
  /** The assembly. */
  readonly folder: string;
  /** In place of the template's `PLACEMENT_POLICY`. */
  readonly policy?: string | undefined;
  /** Whether what functions print is printed on standard error. */
  readonly logs?: boolean;
  readonly onRefused?: (refused: Refused) => void;
  /** The template, changed before it is played. */
  readonly change?: (functions: Map<string, PlayedFunction>) => void;
}

export interface ServeOptions {
  readonly port?: number;
  /** Whether callers name themselves by the headers of a server without authentication. */
  readonly shim?: boolean;
  /** In place of what the stage lets each route take. */
  readonly limits?: RouteLimits;
  /** Called with each line of the endpoint's access log. */
  readonly onAccess?: (line: string) => void;
}

export interface Deployment {
  readonly keystone: StubKeystone;
  readonly issuer: StubIssuer;
  readonly lambda: Lambda;
  /** By the name of their role; each may call the IAM endpoint. */
  readonly principals: ReadonlyMap<string, Principal>;
  readonly functions: ReadonlyMap<string, PlayedFunction>;
  /** What was put on the bus. */
  readonly bus: readonly BusEntry[];
  /** Serves the endpoint of a kind. */
  serve(kind: Kind, options?: ServeOptions): Promise<GatewayServer>;
  close(): Promise<void>;
}

/** @throws Error if the assembly has what cannot be played */
export async function playDeployment(options: DeploymentOptions): Promise<Deployment> {
  const template = readTemplate(options.folder);
  const functions = functionsOf(template);
  options.change?.(functions);
  const permissions = new Permissions(template);
  const node = nodeFor(functions);
  const [keystone, issuer, engine] = await Promise.all([
    startStubKeystone(whose),
    startStubIssuer(),
    startEngine(dynoxide(findEngine(process.env))),
  ]);
  await createTable(template, engine.endpoint);
  const bus: BusEntry[] = [];
  let stream: Stream | undefined;
  const services = await Services.listen({
    services: [
      dynamodb(engine.endpoint, (images) => stream?.written(images)),
      eventBridge(bus),
      secretsManager(new Map([[SECRET_ARN, JSON.stringify(STUB_CREDENTIAL)]])),
    ],
    permissions,
    functionOf: (accessKey) => functions.get(accessKey.replace(KEY_PREFIX, "")),
    onRefused: options.onRefused ?? (() => {}),
  });
  const surroundings = { services, keystone, issuer, policy: options.policy };
  const lambda = new Lambda(functions, {
    node,
    logs: options.logs ?? false,
    environmentOf: (made) => environmentOf(made, surroundings),
  });
  const mapping = mappingOf(template);
  if (mapping !== undefined) {
    stream = new Stream(mapping, async (name, event) => {
      const arn = functions.get(name)?.arn ?? "";
      return (await lambda.invoke(arn, event)).ok;
    });
  }
  const principals = new Map(
    [...Object.keys(CALLERS), "stranger"].map((name) => [name, principal(name)]),
  );
  const servers: GatewayServer[] = [];
  return {
    keystone,
    issuer,
    lambda,
    principals,
    functions,
    bus,
    serve: async (kind, { port = 0, shim = false, limits, onAccess } = {}) => {
      const api = apisOf(template).find(({ variables }) => variables["endpoint"] === kind);
      if (api === undefined) throw new Error(`the template has no ${kind} endpoint`);
      const gateway = new Gateway({
        api: limits === undefined ? api : { ...api, limits: () => limits },
        permissions,
        principals: [...principals.values()],
        invoke: (arn, event) => lambda.invoke(arn, event),
        onAccess,
        resourcePolicyAllows: resourcePolicies(template),
      });
      const headers = shim ? packedHeaders : undefined;
      const server = await startGateway({ gateway, port, headers });
      servers.push(server);
      return server;
    },
    close: () => {
      stream?.close();
      return closeAll({ servers, lambda, services, keystone, issuer, engine });
    },
  };
}

/** What marks the access keys of functions. */
const KEY_PREFIX = "ASIA-";

interface Surroundings {
  readonly services: Services;
  readonly keystone: StubKeystone;
  readonly issuer: StubIssuer;
  readonly policy: string | undefined;
}

/** What Lambda adds, and where the services and stubs are. */
function environmentOf(
  { name, environment }: PlayedFunction,
  { services, keystone, issuer, policy }: Surroundings,
): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: `${KEY_PREFIX}${name}`,
    AWS_SECRET_ACCESS_KEY: "played",
    AWS_SESSION_TOKEN: "played",
    AWS_ENDPOINT_URL: services.url,
    ...(environment["TABLE_NAME"] === undefined || !policy ? {} : { PLACEMENT_POLICY: policy }),
    ...(environment["KEYSTONE_URL"] === undefined ? {} : { KEYSTONE_URL: keystone.url }),
    ...(environment["JWT_ISSUER"] === undefined ? {} : { JWT_ISSUER: issuer.issuer }),
  };
}

/** The release of Node.js that the template names; else this process's own, and a note. */
function nodeFor(functions: ReadonlyMap<string, PlayedFunction>): string {
  const [runtime, ...others] = new Set([...functions.values()].map((made) => made.runtime));
  if (runtime === undefined || others.length > 0) throw new Error("not one runtime");
  const found = process.env["LAMBDA_NODE"] ?? lambdaNode(runtime);
  if (found !== undefined) return found;
  console.error(`no ${runtime} for this platform: functions run on ${process.version}`);
  return process.execPath;
}

const permissionSchema = z.object({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
});

/** Functions' own policies, which the template has as permissions. */
function resourcePolicies(template: Template): (target: string, source: string) => boolean {
  const permissions = template
    .ofType("AWS::Lambda::Permission", permissionSchema)
    .map(([, permission]) => permission)
    .filter(({ Principal }) => Principal === "apigateway.amazonaws.com");
  return (target, source) =>
    permissions.some(
      ({ FunctionName, SourceArn }) =>
        (FunctionName === target || target.endsWith(`:function:${FunctionName}`)) &&
        (SourceArn === undefined || matches(SourceArn, source)),
    );
}

interface Running {
  readonly servers: readonly GatewayServer[];
  readonly lambda: Lambda;
  readonly services: Services;
  readonly keystone: StubKeystone;
  readonly issuer: StubIssuer;
  readonly engine: Engine;
}

async function closeAll(running: Running): Promise<void> {
  for (const server of running.servers) server.close();
  await running.lambda.close();
  running.services.close();
  await Promise.all([running.keystone.close(), running.issuer.close(), running.engine.stop()]);
}
