/**
 * A query whose items are decoded from the answer's body in one pass. The SDK converts each
 * attribute several times, which is most of the cost of reading thousands of items; see
 * docs/performance.md.
 */
import {
  type DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
} from "@aws-sdk/lib-dynamodb";
import type { CallOptions } from "./call.ts";
import type { Item } from "./item.ts";
import { decodeItem, type WireItem } from "./wire-items.ts";

interface WireResponse {
  readonly statusCode: number;
  body: AsyncIterable<Uint8Array> | Uint8Array;
}

type Middleware = Parameters<QueryCommand["middlewareStack"]["addRelativeTo"]>[0];
type Next = (args: unknown) => Promise<{ readonly response: WireResponse }>;

export interface FastQuery {
  /** May be repeated. */
  send(options?: CallOptions): Promise<QueryCommandOutput>;
}

/** Takes the document client's input and returns its answer. */
export function fastQuery(client: DynamoDBDocumentClient, input: QueryCommandInput): FastQuery {
  const command = new QueryCommand(input);
  let items: Item[] | undefined;
  const take = (next: Next) => async (args: unknown) => {
    const answer = await next(args);
    // The SDK parses errors.
    if (answer.response.statusCode === 200) items = await takeItems(answer.response);
    return answer;
  };
  command.middlewareStack.addRelativeTo(take as unknown as Middleware, {
    name: "takeItems",
    relation: "after",
    toMiddleware: "deserializerMiddleware",
    // The document client resolves a command's stack twice.
    override: true,
  });
  return {
    send: async (options) => {
      items = undefined;
      const answer = await client.send(command, options);
      return items === undefined ? answer : { ...answer, Items: items };
    },
  };
}

/** Removes the items from the body and leaves the rest for the SDK. */
async function takeItems(response: WireResponse): Promise<Item[]> {
  const { Items = [], ...rest } = JSON.parse(await textOf(response.body)) as {
    Items?: readonly WireItem[];
  };
  response.body = Buffer.from(JSON.stringify(rest));
  return Items.map((item) => decodeItem(item) as Item);
}

async function textOf(body: WireResponse["body"]): Promise<string> {
  if (body instanceof Uint8Array) return Buffer.from(body).toString();
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
