/** Lambda in between: a handler's event and result cross as JSON, as `Invoke` carries them. */
import type { Context } from "aws-lambda";
import { lambda } from "../../lib/api/lambda.ts";
import type { AnyOperation } from "../../lib/api/operation.ts";
import type { Invoke } from "../../lib/client/direct.ts";
import type { Api } from "./api.ts";

const context = {
  functionName: "test",
  awsRequestId: "test",
  getRemainingTimeInMillis: () => 30_000,
};

/** Invokes the function of `operation`, with the runtime of `api`. */
export function invokeOf({ runtime }: Pick<Api, "runtime">, operation: AnyOperation): Invoke {
  const handler = lambda(operation, async () => runtime);
  return async (payload) => {
    const result = await handler(JSON.parse(payload), context as unknown as Context);
    return { payload: JSON.stringify(result) };
  };
}
