/**
 * A Lambda REQUEST authorizer, of HTTP APIs (payload format 2.0, simple answers) and of
 * REST APIs. It never denies: see `lib/api/identity-document.ts`.
 *
 * Source: API Gateway developer guide, "Control access to HTTP APIs with AWS Lambda
 * authorizers" and "Output from an API Gateway Lambda authorizer".
 */
import * as z from "zod";
import { consoleLog } from "../api/console-log.ts";
import { IDENTITY_KEY, type IdentityDocument } from "../api/identity-document.ts";
import type { Log } from "../api/runtime.ts";
import type { Authenticate } from "./authenticator.ts";

const headers = z
  .record(z.string(), z.string().nullish())
  .nullish()
  .transform((given) =>
    Object.fromEntries(
      Object.entries(given ?? {}).map(([name, value]) => [name.toLowerCase(), value ?? ""]),
    ),
  );

const httpApiEvent = z.object({ version: z.literal("2.0"), type: z.literal("REQUEST"), headers });
const restApiEvent = z.object({ type: z.literal("REQUEST"), methodArn: z.string(), headers });

interface Context {
  readonly [IDENTITY_KEY]: string;
}

export interface SimpleResponse {
  readonly isAuthorized: true;
  readonly context: Context;
}

export interface PolicyResponse {
  readonly principalId: string;
  readonly policyDocument: {
    readonly Version: "2012-10-17";
    readonly Statement: readonly [
      {
        readonly Action: "execute-api:Invoke";
        readonly Effect: "Allow";
        readonly Resource: string;
      },
    ];
  };
  readonly context: Context;
}

export type AuthorizerHandler = (event: unknown) => Promise<SimpleResponse | PolicyResponse>;

/** @param authenticate made at the first request, and kept for the function's life */
export function authorizerLambda(authenticate: () => Authenticate): AuthorizerHandler {
  let made: Authenticate | undefined;
  return async (event) => {
    made ??= authenticate();
    const http = httpApiEvent.safeParse(event);
    if (http.success) {
      const context = contextOf(await made(http.data.headers));
      return { isAuthorized: true, context };
    }
    const rest = restApiEvent.safeParse(event);
    if (!rest.success) throw new Error("the event is none of a REQUEST authorizer");
    const document = await made(rest.data.headers);
    return {
      principalId: document.status === "ok" ? document.user : document.status,
      policyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Action: "execute-api:Invoke",
            Effect: "Allow",
            Resource: wholeApi(rest.data.methodArn),
          },
        ],
      },
      context: contextOf(document),
    };
  };
}

/**
 * The handler of a deployed authorizer. Like a function it is set up during initialisation: an
 * invalid setting ends it there, with one line in the log.
 */
export function deployedAuthorizer(
  authenticate: () => Authenticate,
  environment: Readonly<Record<string, string | undefined>> = process.env,
  log: Log = consoleLog,
): AuthorizerHandler {
  if (environment["AWS_LAMBDA_FUNCTION_NAME"] === undefined) return authorizerLambda(authenticate);
  try {
    const made = authenticate();
    return authorizerLambda(() => made);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log({ level: "ERROR", message: "the authorizer cannot start", error: reason });
    throw error;
  }
}

const contextOf = (document: IdentityDocument): Context => ({
  [IDENTITY_KEY]: JSON.stringify(document),
});

/** Where API Gateway keeps the answer, it counts for all methods of the stage. */
function wholeApi(methodArn: string): string {
  const [arn = "", stage = ""] = methodArn.split("/");
  return `${arn}/${stage}/*`;
}
