/**
 * Lines of the access log, in the format of the stage. What this program does not know of a request
 * is `-`, as API Gateway writes what does not apply to one.
 */
import type { HttpRequest } from "../../../../lib/local/http-parts.ts";
import type { GatewayAnswer } from "./answer.ts";

export interface Accessed {
  readonly request: HttpRequest;
  /** Undefined: no route was found. */
  readonly route: string | undefined;
  readonly answer: GatewayAnswer;
}

const VARIABLE = /\$context\.([A-Za-z]+(?:\.[A-Za-z]+)*)/g;

export function accessLine(format: string, { request, route, answer }: Accessed): string {
  return filledIn(format, {
    httpMethod: request.method,
    path: request.target.split("?", 1)[0],
    protocol: `HTTP/${request.httpVersion}`,
    responseLength: answer.body.length,
    routeKey: route,
    status: answer.status,
    "identity.sourceIp": request.sourceIp,
  });
}

/** @param known by the names of variables, without `$context.` */
export function filledIn(
  format: string,
  known: Readonly<Record<string, string | number | undefined>>,
): string {
  const text = (name: string) => JSON.stringify(String(known[name] ?? "-")).slice(1, -1);
  return format.replaceAll(VARIABLE, (_, name: string) => text(name));
}
