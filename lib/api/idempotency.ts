/**
 * `Idempotency-Key`, our extension: a write that is repeated under its key runs once, and
 * every repeat gets the first answer. See docs/idempotency.md.
 *
 * Source: IETF, draft-ietf-httpapi-idempotency-key-header.
 */
import { createHash } from "node:crypto";
import { BadIdempotencyKey, IdempotencyKeyReused } from "../model/refusals/idempotency.ts";
import {
  appendAgain,
  type KeptAnswer,
  type KeySlot,
  keeping,
  readKept,
} from "../store/idempotency.ts";
import { UnknownOutcome } from "../store/table/refusals.ts";
import { type Answer, isChange } from "./answer.ts";
import type { Identity } from "./identity.ts";
import { type AnyOperation, isRead, type OperationRequest, type Services } from "./operation.ts";
import { inboundOf, type PipelineStep, type RequestContext } from "./pipeline/request-context.ts";

export const IDEMPOTENCY_HEADER = "idempotency-key";
export const REPLAYED_HEADER = "idempotent-replayed";

export const MAX_IDEMPOTENCY_KEY = 255;
/** No comma: API Gateway joins repeated headers with it. */
export const IDEMPOTENCY_KEY = /^[\x21-\x2b\x2d-\x7e]{1,255}$/;

/** @throws BadIdempotencyKey */
export const checkIdempotencyKey: PipelineStep = (context) => {
  const key = keyOf(context);
  if (key !== undefined && !IDEMPOTENCY_KEY.test(key)) {
    throw new BadIdempotencyKey(MAX_IDEMPOTENCY_KEY);
  }
};

/** Reads ignore a key. */
export function takesIdempotencyKey(operation: AnyOperation): boolean {
  return operation.route !== "$default" && !isRead(operation);
}

function keyOf(context: RequestContext): string | undefined {
  if (!takesIdempotencyKey(context.operation)) return undefined;
  return inboundOf(context).headers[IDEMPOTENCY_HEADER];
}

/** Runs the operation of a request, once for all requests of its key. */
export async function runOperation(
  context: RequestContext,
  request: OperationRequest,
  services: Services,
): Promise<Answer> {
  const { operation, identity } = context;
  const key = keyOf(context);
  if (key === undefined) {
    const outcome = await operation.run(request, services);
    return isChange(outcome) ? services.store.change(outcome.plan) : outcome;
  }
  const slot: KeySlot = {
    id: hash([callerOf(identity, inboundOf(context).caller), key]),
    request: requestHash(context, request),
  };
  const known = await replay(services, slot);
  if (known !== undefined) return known;
  try {
    return await runKept(context, request, { services, slot });
  } catch (error) {
    // A concurrent repeat may have caused the failure: if it succeeded, its answer is returned.
    const made = await replay(services, slot).catch(reusedOnly);
    if (made !== undefined) return made;
    throw error instanceof UnknownOutcome
      ? new UnknownOutcome({ keyed: true, cause: error.cause })
      : error;
  }
}

/** Any other error of this look-up is dropped: the first error says more. */
function reusedOnly(error: unknown): undefined {
  if (error instanceof IdempotencyKeyReused) throw error;
}

/**
 * The kept answer; undefined if there is none.
 * @throws IdempotencyKeyReused
 */
async function replay({ store }: Services, slot: KeySlot): Promise<Answer | undefined> {
  const found = await readKept(store, slot);
  if (found === undefined) return undefined;
  if (found.request !== slot.request) throw new IdempotencyKeyReused();
  await appendAgain(store, found);
  const { status, headers, body, lastModified } = found.answer;
  return {
    status,
    headers: { ...headers, [REPLAYED_HEADER]: "true" },
    ...(body === undefined ? {} : { body: JSON.parse(body) }),
    ...(lastModified === undefined ? {} : { lastModified }),
  };
}

/** Runs the operation and keeps its answer, in the transaction of its change if it has one. */
async function runKept(
  { operation }: RequestContext,
  request: OperationRequest,
  { services, slot }: { services: Services; slot: KeySlot },
): Promise<Answer> {
  const { store } = services;
  const outcome = await operation.run(request, services);
  const plan = isChange(outcome) ? outcome.plan : async () => ({ writes: [], result: outcome });
  return store.change(keeping(store, slot, plan, keptAnswer));
}

function keptAnswer({ status, headers = {}, body, text, lastModified }: Answer): KeptAnswer {
  return {
    status,
    headers,
    body: text?.("") ?? (body === undefined ? undefined : JSON.stringify(body)),
    lastModified,
  };
}

/**
 * A key belongs to its caller: the same key of another caller is a different one. Direct
 * callers share one identity, and are distinguished by the names that they give.
 */
function callerOf(identity: Identity | undefined, name: string | undefined): unknown {
  if (identity === undefined) return undefined;
  const { kind, user, project = null, system } = identity;
  // A user of one endpoint may have the name of another's. Signers came first: their keys are kept.
  const known = [
    user,
    project,
    system,
    ...(kind === undefined || kind === "iam" ? [] : [{ kind }]),
  ];
  return name === undefined ? known : [...known, name];
}

function requestHash(
  context: RequestContext,
  { method, path, query, body, lease, life }: OperationRequest,
): string {
  const { bytes = new Uint8Array(), params } = inboundOf(context);
  // A body that the operation does not read is compared as it is.
  const given = body === undefined ? Buffer.from(bytes).toString("base64") : sorted(body);
  const parts = [method, path, sorted(params), query.pairs, context.version, given];
  // Without these headers the hash is that of releases that do not know them.
  const isPlain = lease === undefined && life === undefined;
  return hash(isPlain ? parts : [...parts, lease ?? null, life ?? null]);
}

/** JSON with sorted keys, so that their order makes no difference. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

function hash(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
