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
import type { AttemptSlots } from "./attempts.ts";
import type { CallOptions } from "./call.ts";
import type { Write } from "./expressions.ts";
import type { Item, Key } from "./item.ts";

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
  /** How changes append to the shard logs in their transactions; undefined: they do not. */
  readonly appends?: JoinedAppends | undefined;
}

/** Writes that join a change's transaction: see `cache/joint-appends.ts`. */
export interface JoinedAppends {
  /**
   * What appends the providers of all hot items among `keys`; undefined if these are to be
   * appended by calls of their own.
   * @param room writes that the transaction has room for
   */
  writesFor(keys: readonly Key[], room: number): Joint | undefined;
  /** The log of a number, as the answer to an update shows it. */
  seen(log: number, item: Item): void;
}

export interface Joint {
  readonly writes: readonly Write[];
  /** To be called once it is known whether they were applied, or that this is unknown. */
  ended(applied: boolean): void;
}

/** Milliseconds to connect; `call.ts` bounds the whole call. */
export const CONNECTION_TIMEOUT = 2_000;
