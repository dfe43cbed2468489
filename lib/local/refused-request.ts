/** The answer to a request that the local server itself refuses. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { errorDocument } from "../api/error-document.ts";
import type { Runtime } from "../api/runtime.ts";
import type { Refusal } from "../model/refusal.ts";
import type { Limits } from "./limits.ts";
import { logRefusal } from "./refusal-line.ts";

export interface RefusingParts {
  readonly runtime: Runtime;
  readonly limits: Limits;
}

/** The rest of the body is read for a while: a client that still sends would miss the answer. */
export function refuseRequest(
  { runtime, limits }: RefusingParts,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  refusal: Refusal,
): void {
  const { random, configuration } = runtime;
  const requestId = `req-${random.uuid()}`;
  logRefusal(runtime, requestId, refusal);
  const accept = request.headers.accept;
  const document = errorDocument(refusal, { requestId, accept, version: undefined });
  if (refusal.retryAfter !== undefined) response.setHeader("retry-after", refusal.retryAfter);
  if (configuration.corsOrigins.length > 0) response.setHeader("vary", "Origin");
  if (!request.complete) response.setHeader("connection", "close");
  response.writeHead(refusal.status, {
    "content-type": document.contentType,
    "content-length": Buffer.byteLength(document.body),
    "x-openstack-request-id": requestId,
  });
  if (request.complete) {
    response.end(document.body);
    return;
  }
  response.write(document.body);
  request.resume();
  const timer = setTimeout(() => request.destroy(), limits.lingerTimeout);
  request.once("close", () => clearTimeout(timer));
  request.once("end", () => response.end());
}
