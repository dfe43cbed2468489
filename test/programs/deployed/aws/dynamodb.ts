/**
 * DynamoDB: the embedded engine, behind the check of the caller's role.
 *
 * Source: Amazon DynamoDB developer guide, "IAM policy examples: transactions": a transaction
 * needs the action of each of its items.
 */
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { pipeline } from "node:stream/promises";
import * as z from "zod";
import { ACCOUNT, REGION } from "../assembly/resolver.ts";
import type { Call, Need, Service } from "./services.ts";
import { type Image, imagesIn } from "./stream.ts";

const single = z.object({ TableName: z.string() });
const batch = z.object({ RequestItems: z.record(z.string(), z.unknown()) });
const transaction = z.object({ TransactItems: z.array(z.record(z.string(), single)) });

const BATCHES = ["BatchGetItem", "BatchWriteItem"];
const TRANSACTIONS = ["TransactGetItems", "TransactWriteItems"];

/** By the member of a transaction's item. */
const ITEM_ACTIONS: Readonly<Record<string, string>> = {
  Get: "GetItem",
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  ConditionCheck: "ConditionCheckItem",
};

/**
 * @param endpoint of the engine
 * @param written is told what was put
 */
export function dynamodb(endpoint: string, written: (images: readonly Image[]) => void): Service {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  return {
    target: "DynamoDB_20120810",
    needs: ({ operation, body }) => needsOf(operation, JSON.parse(body.toString("utf8"))),
    answer: async ({ operation, request, body }, response) => {
      const answer = await forward(endpoint, agent, { request, body });
      if (answer.statusCode === 200) written(imagesIn(operation, body.toString("utf8")));
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      await pipeline(answer, response);
    },
  };
}

function needsOf(operation: string, body: unknown): Need[] {
  if (TRANSACTIONS.includes(operation)) {
    const { TransactItems } = transaction.parse(body);
    return TransactItems.flatMap((item) =>
      Object.entries(item).map(([kind, { TableName }]) => need(ITEM_ACTIONS[kind], TableName)),
    );
  }
  if (BATCHES.includes(operation)) {
    return Object.keys(batch.parse(body).RequestItems).map((table) => need(operation, table));
  }
  return [need(operation, single.parse(body).TableName)];
}

function need(action: string | undefined, table: string): Need {
  const resource = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${table}`;
  return { action: `dynamodb:${action}`, resource };
}

function forward(
  endpoint: string,
  agent: Agent,
  { request, body }: Pick<Call, "request" | "body">,
): Promise<IncomingMessage> {
  const { host: _host, connection: _connection, ...headers } = request.headers;
  return new Promise((resolve, reject) => {
    const sent = httpRequest(endpoint, { method: "POST", agent, headers }, resolve);
    sent.once("error", reject);
    sent.end(body);
  });
}
