import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { MethodNotAllowed, UnknownPath } from "../../lib/api/refusals.ts";
import { methodsAt } from "../../lib/api/routes.ts";
import { operations } from "../index.ts";

/** Requests that match no route: 405 on a path that has other methods, otherwise 404. */
export const refuseUnrouted = defineOperation({
  id: "fallback/refuse",
  summary: "Answer what no route takes",
  route: "$default",
  since: "1.0",
  access: [],
  refusals: [UnknownPath, MethodNotAllowed],
  async run({ method, path }) {
    const allow = methodsAt(operations, path);
    if (allow.length === 0) throw new UnknownPath();
    throw new MethodNotAllowed(method, allow);
  },
});

export const handler = lambda(refuseUnrouted);
