/** What may be done to items, by IAM's names. */

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
