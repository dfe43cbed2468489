/** The table on a local engine, or on whatever DynamoDB the operator names. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  ResourceInUseException,
  ResourceNotFoundException,
} from "@aws-sdk/client-dynamodb";
import { establishNew } from "../store/cache/establish.ts";
import { connectBySdk } from "../store/table/sdk-client.ts";
import { TABLE_SCHEMA } from "../store/table/table-schema.ts";
import type { Credentials } from "../store/table/wire/access.ts";

/** Milliseconds between looks at a table that is not active yet, and the number of looks. */
const LOOK_INTERVAL = 200;
const LOOKS = 300;
const REQUEST_TIMEOUT = 10_000;

type Environment = Readonly<Record<string, string | undefined>>;

export interface LocalAccess {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
}

/** How to reach `endpoint`; engines of one's own machine take any credentials. */
export function clientConfig(endpoint: string, environment: Environment): LocalAccess {
  const accessKeyId = environment["AWS_ACCESS_KEY_ID"] || "local";
  const secretAccessKey = environment["AWS_SECRET_ACCESS_KEY"] || "local";
  const sessionToken = environment["AWS_SESSION_TOKEN"];
  return {
    endpoint,
    region: environment["AWS_REGION"] || "us-east-1",
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) },
  };
}

/**
 * Creates the table if it is absent, in this release's format, and resolves when it is active.
 * @throws the SDK's errors; Error if the table does not become active in a minute
 */
export async function ensureTable(config: DynamoDBClientConfig, tableName: string): Promise<void> {
  const client = new DynamoDBClient({
    requestHandler: { connectionTimeout: 2_000, requestTimeout: REQUEST_TIMEOUT },
    maxAttempts: 2,
    ...config,
  });
  let found: string | undefined;
  try {
    found = await describe(client, tableName);
    let status = found ?? (await create(client, tableName));
    for (let look = 0; status !== "ACTIVE"; look += 1) {
      if (look === LOOKS) throw new Error(`the table ${tableName} is still ${status}`);
      await sleep(LOOK_INTERVAL);
      status = await describe(client, tableName);
    }
  } finally {
    client.destroy();
  }
  if (found !== undefined) return;
  const connection = connectBySdk(tableName, config);
  await establishNew(connection);
  connection.client.destroy();
}

/** Undefined: there is no such table. */
export async function tableStatus(
  config: DynamoDBClientConfig,
  tableName: string,
): Promise<string | undefined> {
  const client = new DynamoDBClient({
    requestHandler: { connectionTimeout: 2_000, requestTimeout: REQUEST_TIMEOUT },
    maxAttempts: 2,
    ...config,
  });
  try {
    return await describe(client, tableName);
  } finally {
    client.destroy();
  }
}

async function describe(client: DynamoDBClient, tableName: string): Promise<string | undefined> {
  try {
    const answer = await client.send(new DescribeTableCommand({ TableName: tableName }));
    return answer.Table?.TableStatus;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function create(client: DynamoDBClient, tableName: string): Promise<string | undefined> {
  const { partitionKey, sortKey, keyType } = TABLE_SCHEMA;
  const command = new CreateTableCommand({
    TableName: tableName,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [
      { AttributeName: partitionKey, AttributeType: keyType },
      { AttributeName: sortKey, AttributeType: keyType },
    ],
    KeySchema: [
      { AttributeName: partitionKey, KeyType: "HASH" },
      { AttributeName: sortKey, KeyType: "RANGE" },
    ],
  });
  try {
    return (await client.send(command)).TableDescription?.TableStatus;
  } catch (error) {
    // Another server has just created it.
    if (error instanceof ResourceInUseException) return undefined;
    throw error;
  }
}
