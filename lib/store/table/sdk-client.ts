/**
 * The connection by the SDK's document client, for commands: it finds credentials wherever the
 * SDK does. It is the reference to which tests compare `wire/client.ts`.
 */
import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { CALL_LIMIT, type CallOptions } from "./call.ts";
import { type Calls, CONNECTION_TIMEOUT, type Connection, type Operation } from "./connection.ts";
import { cutMadeUpTokens } from "./made-up-tokens.ts";

type Senders = {
  readonly [O in Operation]: (
    client: DynamoDBDocumentClient,
    input: Calls[O]["input"],
    options?: CallOptions,
  ) => Promise<Calls[O]["answer"]>;
};

const SENDERS: Senders = {
  GetItem: (client, input, options) => client.send(new GetCommand(input), options),
  BatchGetItem: (client, input, options) => client.send(new BatchGetCommand(input), options),
  TransactGetItems: (client, input, options) => client.send(new TransactGetCommand(input), options),
  Query: (client, input, options) => client.send(new QueryCommand(input), options),
  Scan: (client, input, options) => client.send(new ScanCommand(input), options),
  PutItem: (client, input, options) => client.send(new PutCommand(input), options),
  UpdateItem: (client, input, options) => client.send(new UpdateCommand(input), options),
  DeleteItem: (client, input, options) => client.send(new DeleteCommand(input), options),
  TransactWriteItems: (client, input, options) =>
    client.send(new TransactWriteCommand(input), options),
};

export function connectBySdk(tableName: string, config: DynamoDBClientConfig = {}): Connection {
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      maxAttempts: 1,
      requestHandler: {
        connectionTimeout: CONNECTION_TIMEOUT,
        requestTimeout: CALL_LIMIT,
        throwOnRequestTimeout: true,
      },
      ...config,
    }),
  );
  cutMadeUpTokens(client);
  return {
    tableName,
    client: {
      send: (operation, input, options) => SENDERS[operation](client, input, options),
      destroy: () => client.destroy(),
    },
  };
}
