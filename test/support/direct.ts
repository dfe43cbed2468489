/** Stands in for Lambda: a handler's event and result are passed as JSON, as `Invoke` does. */
import type { DirectRequest, DirectResult } from "../../lib/api/direct.ts";
import { lambda } from "../../lib/api/lambda.ts";
import type { AnyOperation } from "../../lib/api/operation.ts";
import type { Invoker } from "../../lib/client/lambda.ts";
import type { Api } from "./api.ts";
import { lambdaContext } from "./lambda-context.ts";

type Served = Pick<Api, "runtime">;

/** Sends a payload to one function and waits for its answer. */
export type Invoke = (payload: string) => Promise<{ readonly payload: string }>;

/** Invokes the function of `operation`, with the runtime of `api`. */
export function invokeOf({ runtime }: Served, operation: AnyOperation): Invoke {
  const handler = lambda(operation, async () => runtime);
  return async (payload) => {
    const result = await handler(JSON.parse(payload), lambdaContext("direct"));
    return { payload: JSON.stringify(result) };
  };
}

/** The result of any status, without the client. */
export async function callDirectly(
  api: Served,
  operation: AnyOperation,
  request: DirectRequest,
): Promise<DirectResult<Readonly<Record<string, unknown>>>> {
  const { payload } = await invokeOf(api, operation)(JSON.stringify(request));
  return JSON.parse(payload);
}

/** Lambda with the functions of these operations, named as the stack names them. */
export function lambdaOf(
  api: Served,
  prefix: string,
  operations: readonly AnyOperation[],
): Invoker {
  const functions = new Map(
    operations.map((each) => [
      `${prefix}-${each.id.replaceAll("/", "-")}:direct`,
      invokeOf(api, each),
    ]),
  );
  return {
    invoke: async ({ FunctionName, Payload }) => {
      const invoke = functions.get(FunctionName);
      if (invoke === undefined) throw new Error(`there is no function ${FunctionName}`);
      const { payload } = await invoke(new TextDecoder().decode(Payload));
      return { Payload: new TextEncoder().encode(payload) };
    },
  };
}
