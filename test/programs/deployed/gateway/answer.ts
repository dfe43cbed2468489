/**
 * A function's result as API Gateway sends it.
 *
 * Source: API Gateway developer guide, "Output format of a Lambda function for proxy
 * integration", and "Amazon API Gateway important notes" for the headers that a REST API renames.
 */
import * as z from "zod";
import type { Json } from "../assembly/json.ts";
import { GatewayRefusal } from "./authorizer.ts";

export interface GatewayAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
}

const value = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const resultSchema = z.object({
  statusCode: z.number().int(),
  headers: z.record(z.string(), value).nullish(),
  multiValueHeaders: z.record(z.string(), z.array(value)).nullish(),
  cookies: z.array(z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().default(false),
});

/** A REST API sends them under the prefix `x-amzn-remapped-`. */
const RENAMED = new Set(["connection", "content-length", "date", "server", "www-authenticate"]);

export function httpAnswer(result: Json): GatewayAnswer {
  const parsed = resultSchema.safeParse(result);
  // A result without a status is a body of its own; no function here means that.
  if (!parsed.success) throw new GatewayRefusal(500, "Internal Server Error");
  const { headers, cookies } = parsed.data;
  return answerOf(parsed.data, [
    ...Object.entries(headers ?? {}),
    ...(cookies ?? []).map((cookie) => ["set-cookie", cookie] as const),
  ]);
}

export function restAnswer(result: Json): GatewayAnswer {
  const parsed = resultSchema.safeParse(result);
  if (!parsed.success) throw new GatewayRefusal(502, "Internal server error");
  const lists = Object.entries(parsed.data.multiValueHeaders ?? {});
  const headers = [
    ...Object.entries(parsed.data.headers ?? {}),
    ...lists.flatMap(([name, values]) => values.map((one) => [name, one] as const)),
  ].map(([name, one]) => {
    return [RENAMED.has(name.toLowerCase()) ? `x-amzn-remapped-${name}` : name, one] as const;
  });
  return answerOf(parsed.data, headers);
}

function answerOf(
  { statusCode, body, isBase64Encoded }: z.infer<typeof resultSchema>,
  headers: GatewayAnswer["headers"],
): GatewayAnswer {
  const bytes = Buffer.from(body ?? "", isBase64Encoded ? "base64" : "utf8");
  return { status: statusCode, headers, body: bytes };
}
