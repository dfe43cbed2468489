/** How the table is reached. */
import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { CALL_LIMIT } from "./call.ts";

/** IAM's names of what may be done to items, without the prefix `dynamodb:`. */
export type DynamoDBAction =
  | "GetItem"
  | "BatchGetItem"
  | "Query"
  | "Scan"
  | "PutItem"
  | "UpdateItem"
  | "DeleteItem"
  | "ConditionCheckItem";

/** What a change of the table takes, which may have to finish or undo the change of another. */
export const WRITING: readonly DynamoDBAction[] = [
  "GetItem",
  "BatchGetItem",
  "Query",
  "PutItem",
  "UpdateItem",
  "DeleteItem",
  "ConditionCheckItem",
];

export interface Connection {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}

/** Milliseconds until there is a connection; `call.ts` bounds the whole of a call. */
const CONNECTION_TIMEOUT = 2_000;

/**
 * A connection to the table. The SDK makes one attempt at each request: which
 * failures are tried again, and with what token, is decided in `retry.ts`.
 */
export function connect(tableName: string, config: DynamoDBClientConfig = {}): Connection {
  const client = new DynamoDBClient({
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT,
      requestTimeout: CALL_LIMIT,
      throwOnRequestTimeout: true,
    },
    ...config,
  });
  return { client: DynamoDBDocumentClient.from(client), tableName };
}
