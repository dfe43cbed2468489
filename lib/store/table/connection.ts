/** The connection to the table. */
import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { AttemptSlots } from "./attempts.ts";
import { CALL_LIMIT } from "./call.ts";

export { type DynamoDBAction, WRITING } from "./actions.ts";

export interface Connection {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /**
   * How a transaction that is sent again is recognised: by attempts; undefined: by request
   * tokens, which DynamoDB keeps for free.
   */
  readonly attempts?: AttemptSlots | undefined;
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
