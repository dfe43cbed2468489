/**
 * Authorization of a request: a signature, or the answer of a Lambda authorizer, which API
 * Gateway keeps by the values of its identity sources where its configuration says so.
 *
 * Source: API Gateway developer guide, "Control access to HTTP APIs with AWS Lambda
 * authorizers", "Output from an API Gateway Lambda authorizer".
 */
import * as z from "zod";
import { matches } from "../assembly/permissions.ts";
import type { LambdaAuthorizer } from "./authorization.ts";
import {
  type Authorized,
  httpAuthorizerEvent,
  methodArn,
  type Received,
  restAuthorizerEvent,
} from "./event.ts";
import { type Principal, signerOf } from "./signature.ts";

/** What API Gateway answers itself. */
export class GatewayRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const context = z.record(z.string(), z.unknown()).default({});
const simpleSchema = z.object({ isAuthorized: z.boolean(), context });
const policySchema = z.object({
  principalId: z.string(),
  policyDocument: z.object({
    Statement: z.array(
      z.object({ Action: z.string(), Effect: z.enum(["Allow", "Deny"]), Resource: z.string() }),
    ),
  }),
  // A REST API takes scalars only.
  context: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
});

const MAX_KEPT = 1_000;

interface Kept {
  readonly until: number;
  readonly answer: unknown;
}

export interface AuthorizersParts {
  readonly principals: readonly Principal[];
  /** @throws GatewayRefusal */
  invoke(target: string, role: string | undefined, event: unknown): Promise<unknown>;
}

export class Authorizers {
  readonly #parts: AuthorizersParts;
  readonly #kept = new Map<string, Kept>();

  constructor(parts: AuthorizersParts) {
    this.#parts = parts;
  }

  /** @throws GatewayRefusal */
  async authorize(received: Received): Promise<Authorized> {
    const { authorization } = received.match.route;
    if (authorization.kind === "none") return { kind: "none" };
    if (authorization.kind === "lambda") return this.#ask(received, authorization);
    const { sent, now, api } = received;
    const signer = await signerOf(sent, this.#parts.principals, now);
    if (signer !== undefined) return { kind: "iam", signer };
    throw new GatewayRefusal(
      403,
      api.format === "2.0" ? "Forbidden" : "Missing Authentication Token",
    );
  }

  async #ask(received: Received, authorizer: LambdaAuthorizer): Promise<Authorized> {
    const { api, request, now } = received;
    const values = authorizer.sources.map((name) => headerOf(request.rawHeaders, name));
    const identity = values.flatMap((value) => (value === undefined ? [] : [value]));
    // Required where the answer is kept, and by an HTTP API wherever a source is named.
    if (identity.length < values.length) throw new GatewayRefusal(401, "Unauthorized");
    const key = JSON.stringify([authorizer.name, identity]);
    const kept = this.#kept.get(key);
    if (kept !== undefined && now < kept.until) return authorized(received, kept.answer);
    const event =
      api.format === "2.0"
        ? httpAuthorizerEvent(received, identity)
        : restAuthorizerEvent(received);
    const answer = await this.#parts.invoke(authorizer.target, authorizer.role, event);
    if (authorizer.kept > 0 && values.length > 0) {
      if (this.#kept.size >= MAX_KEPT) this.#kept.clear();
      this.#kept.set(key, { until: now + authorizer.kept, answer });
    }
    return authorized(received, answer);
  }
}

function authorized(received: Received, answer: unknown): Authorized {
  if (received.api.format === "2.0") {
    const simple = simpleSchema.safeParse(answer);
    if (!simple.success) throw new GatewayRefusal(500, "Internal Server Error");
    if (!simple.data.isAuthorized) throw new GatewayRefusal(403, "Forbidden");
    return { kind: "lambda", context: simple.data.context };
  }
  const policy = policySchema.safeParse(answer);
  if (!policy.success) throw new GatewayRefusal(500, "Internal server error");
  const { principalId, policyDocument, context } = policy.data;
  const arn = methodArn(received);
  const about = policyDocument.Statement.filter(({ Resource }) => matches(Resource, arn));
  if (about.length === 0 || about.some(({ Effect }) => Effect === "Deny")) {
    throw new GatewayRefusal(403, "User is not authorized to access this resource");
  }
  return { kind: "lambda", context: { principalId, ...context } };
}

function headerOf(raw: readonly string[], wanted: string): string | undefined {
  const place = raw.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === wanted);
  return place === -1 ? undefined : raw[place + 1];
}
