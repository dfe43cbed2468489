/**
 * A query whose items are decoded from the answer's body in one pass. The SDK
 * turns each attribute over several times, which is most of what reading thousands
 * of items costs; see docs/performance.md.
 */
import {
  type DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
} from "@aws-sdk/lib-dynamodb";
import type { Item } from "./item.ts";

/** An attribute on the wire: one key, its type. */
interface WireValue {
  readonly N?: string;
  readonly S?: string;
  readonly B?: string;
  readonly M?: WireItem;
  readonly L?: readonly WireValue[];
  readonly BOOL?: boolean;
  readonly NULL?: boolean;
}
type WireItem = Readonly<Record<string, WireValue>>;

interface WireResponse {
  readonly statusCode: number;
  body: AsyncIterable<Uint8Array> | Uint8Array;
}

type Middleware = Parameters<QueryCommand["middlewareStack"]["addRelativeTo"]>[0];
type Next = (args: unknown) => Promise<{ readonly response: WireResponse }>;

export interface FastQuery {
  /** May be repeated. */
  send(): Promise<QueryCommandOutput>;
}

/** `input` as the document client takes it; the answer as it gives it. */
export function fastQuery(client: DynamoDBDocumentClient, input: QueryCommandInput): FastQuery {
  const command = new QueryCommand(input);
  let items: Item[] | undefined;
  const take = (next: Next) => async (args: unknown) => {
    const answer = await next(args);
    // A refusal is the SDK's to read.
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
    send: async () => {
      items = undefined;
      const answer = await client.send(command);
      return items === undefined ? answer : { ...answer, Items: items };
    },
  };
}

/** Leaves all but the items in the body, for the SDK to read. */
async function takeItems(response: WireResponse): Promise<Item[]> {
  const { Items = [], ...rest } = JSON.parse(await textOf(response.body)) as {
    Items?: readonly WireItem[];
  };
  response.body = Buffer.from(JSON.stringify(rest));
  return Items.map((item) => decodeMap(item) as Item);
}

async function textOf(body: WireResponse["body"]): Promise<string> {
  if (body instanceof Uint8Array) return Buffer.from(body).toString();
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function decodeMap(map: WireItem): Record<string, unknown> {
  const decoded: Record<string, unknown> = {};
  for (const name in map) decoded[name] = decode(map[name] as WireValue);
  return decoded;
}

/** The most frequent types first. No set is ever stored, and no number beyond 2^53. */
function decode(value: WireValue): unknown {
  if (value.N !== undefined) return Number(value.N);
  if (value.S !== undefined) return value.S;
  if (value.M !== undefined) return decodeMap(value.M);
  if (value.B !== undefined) return bytesOf(value.B);
  if (value.L !== undefined) return value.L.map(decode);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.NULL) return null;
  throw new Error(`an attribute of an unknown type: ${Object.keys(value)[0]}`);
}

/** Of their own, as the SDK's are: no slice of a pool that they would keep alive. */
function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "base64"));
}
