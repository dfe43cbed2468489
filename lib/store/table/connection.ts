/** The connection to the table. */
import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { CALL_LIMIT } from "./call.ts";

/** IAM's names of actions on items, without the prefix `dynamodb:`. */
export type DynamoDBAction =
  | "GetItem"
  | "BatchGetItem"
  | "Query"
  | "Scan"
  | "PutItem"
  | "UpdateItem"
  | "DeleteItem"
  | "ConditionCheckItem";

/** The actions of a write, which may have to finish or undo another large change. */
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

/** Milliseconds to connect; `call.ts` bounds the whole call. */
const CONNECTION_TIMEOUT = 2_000;

/**
 * Connects to the table. The SDK makes one attempt at each request: `retry.ts` decides which
 * failures are tried again, and with which token.
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
