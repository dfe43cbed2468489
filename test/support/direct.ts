/** Stands in for Lambda: a handler's event and result are passed as JSON, as `Invoke` does. */
import { lambda } from "../../lib/api/lambda.ts";
import type { AnyOperation } from "../../lib/api/operation.ts";
import type { Invoke } from "../../lib/client/direct.ts";
import type { Api } from "./api.ts";
import { lambdaContext } from "./lambda-context.ts";

/** Invokes the function of `operation`, with the runtime of `api`. */
export function invokeOf({ runtime }: Pick<Api, "runtime">, operation: AnyOperation): Invoke {
  const handler = lambda(operation, async () => runtime);
  return async (payload) => {
    const result = await handler(JSON.parse(payload), lambdaContext("direct"));
    return { payload: JSON.stringify(result) };
  };
}
