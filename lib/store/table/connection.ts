/** How the store reaches its table: DynamoDB's calls, with items as plain values. */
import type {
  BatchGetCommandInput,
  BatchGetCommandOutput,
  DeleteCommandInput,
  GetCommandInput,
  GetCommandOutput,
  PutCommandInput,
  QueryCommandInput,
  QueryCommandOutput,
  ScanCommandInput,
  ScanCommandOutput,
  TransactGetCommandInput,
  TransactGetCommandOutput,
  TransactWriteCommandInput,
  UpdateCommandInput,
  UpdateCommandOutput,
} from "@aws-sdk/lib-dynamodb";
import type { Uuid } from "../../model/uuid.ts";
import type { AttemptSlots } from "./attempts.ts";
import type { CallOptions } from "./call.ts";
import type { Item } from "./item.ts";

export { type DynamoDBAction, WRITING } from "./actions.ts";

interface Call<Input, Answer> {
  readonly input: Input;
  readonly answer: Answer;
}

type Page = "Items" | "LastEvaluatedKey";

/** The calls that the store makes, with the parts of their answers that it reads. */
export interface Calls {
  readonly GetItem: Call<GetCommandInput, Pick<GetCommandOutput, "Item">>;
  readonly BatchGetItem: Call<
    BatchGetCommandInput,
    Pick<BatchGetCommandOutput, "Responses" | "UnprocessedKeys">
  >;
  readonly TransactGetItems: Call<
    TransactGetCommandInput,
    Pick<TransactGetCommandOutput, "Responses">
  >;
  readonly Query: Call<QueryCommandInput, Pick<QueryCommandOutput, Page>>;
  readonly Scan: Call<ScanCommandInput, Pick<ScanCommandOutput, Page>>;
  readonly PutItem: Call<PutCommandInput, object>;
  readonly UpdateItem: Call<UpdateCommandInput, Pick<UpdateCommandOutput, "Attributes">>;
  readonly DeleteItem: Call<DeleteCommandInput, object>;
  readonly TransactWriteItems: Call<TransactWriteCommandInput, object>;
}

export type Operation = keyof Calls;

export const WRITE_OPERATIONS: ReadonlySet<Operation> = new Set<Operation>([
  "PutItem",
  "UpdateItem",
  "DeleteItem",
  "TransactWriteItems",
]);

/**
 * Sends each call once: `retry.ts` decides which failures are tried again, and
 * with which token: it makes none up.
 */
export interface Client {
  /** @throws errors whose meaning `faults.ts` tells */
  send<O extends Operation>(
    operation: O,
    input: Calls[O]["input"],
    options?: CallOptions,
  ): Promise<Calls[O]["answer"]>;
  /** Closes its connections. */
  destroy(): void;
}

export interface Connection {
  readonly client: Client;
  readonly tableName: string;
  /**
   * How a transaction that is sent again is recognised: by attempts; undefined: by request
   * tokens, which DynamoDB keeps for free.
   */
  readonly attempts?: AttemptSlots | undefined;
  /** The shard logs of a process that uses the table alone; undefined: the table has them. */
  readonly heldLogs?: HeldLogs | undefined;
}

/** Shard logs in the memory of a process: see `cache/held-logs.ts`. */
export interface HeldLogs {
  /** By the number of the log, as a table has them. */
  readonly items: readonly Item[];
  /** @param changed providers by the numbers of their logs */
  append(changed: ReadonlyMap<number, ReadonlySet<Uuid>>): void;
  /** Every reader then reads everything again. */
  reset(): void;
}

/** Milliseconds to connect; `call.ts` bounds the whole call. */
export const CONNECTION_TIMEOUT = 2_000;
