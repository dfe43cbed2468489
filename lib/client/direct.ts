/**
 * A client for Lambda functions that invoke the API's functions directly, without HTTP: it
 * takes a typed request and returns the result or throws. See docs/direct-invocation.md.
 */
import type { DirectRequest, DirectResult } from "../api/direct.ts";
import type { AnyOperation, Operation } from "../api/operation.ts";
import type { Written } from "../api/schemas.ts";

/** The body of an operation, by the type of its definition. */
export type BodyOf<O extends AnyOperation> =
  O extends Operation<infer Body> ? Written<Body> : never;

/** The request of an operation; `body` is required exactly where the operation requires one. */
export type CallOf<O extends AnyOperation> = Omit<DirectRequest, "body"> &
  (undefined extends BodyOf<O>
    ? { readonly body?: BodyOf<O> | undefined }
    : { readonly body: BodyOf<O> });

/** The answer of Lambda's `Invoke`, its payload as text. */
export interface Invocation {
  readonly payload: string;
  /** `Handled` or `Unhandled` if the function itself failed. */
  readonly functionError?: string | undefined;
}

/** Sends a payload to one function and waits for its answer (`RequestResponse`). */
export type Invoke = (payload: string) => Promise<Invocation>;

/** The function did not answer like an operation: it failed, timed out, or is a different one. */
export class InvocationFailed extends Error {
  constructor(reason: string, payload: string) {
    super(`${reason}: ${payload.slice(0, 1_000)}`);
    this.name = new.target.name;
  }
}

/**
 * Calls an operation. A refusal is a result too: check `status`.
 * @throws InvocationFailed, and what `invoke` throws
 */
export async function callDirectly<O extends AnyOperation, Answer = unknown>(
  invoke: Invoke,
  call: CallOf<O>,
): Promise<DirectResult<Answer>> {
  const request: DirectRequest = call;
  const { payload, functionError } = await invoke(JSON.stringify(request));
  if (functionError !== undefined) throw new InvocationFailed(functionError, payload);
  const result = parsed(payload);
  if (!isResult<Answer>(result)) throw new InvocationFailed("not a result", payload);
  return result;
}

function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}

function isResult<Answer>(value: unknown): value is DirectResult<Answer> {
  if (typeof value !== "object" || value === null) return false;
  const { status, headers } = value as Partial<DirectResult>;
  return typeof status === "number" && typeof headers === "object" && headers !== null;
}
