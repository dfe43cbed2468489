/** What a function returns: to API Gateway, or to a direct caller. */
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import type { DirectResult } from "../direct.ts";

export type Result = APIGatewayProxyStructuredResultV2 | DirectResult;

export function statusOf(result: Result): number | undefined {
  return "status" in result ? result.status : result.statusCode;
}
