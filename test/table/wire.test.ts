/** The functions' connection beside the SDK's: the same requests, the same answers, the same faults. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../lib/api/system-clock.ts";
import { clientConfig } from "../../lib/local/table.ts";
import type { Calls, Connection, Operation } from "../../lib/store/table/connection.ts";
import { type Fault, faultOf, isConditionFailed } from "../../lib/store/table/faults.ts";
import { connectBySdk } from "../../lib/store/table/sdk-client.ts";
import { connect } from "../../lib/store/table/wire/client.ts";

interface Received {
  readonly target: unknown;
  readonly type: unknown;
  readonly authorization: string;
  readonly body: unknown;
}

interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The connection ends after this many bytes of the body. */
  readonly cut?: number;
}

const received: Received[] = [];
let reply: Reply = {};
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { headers } = request;
  received.push({
    target: headers["x-amz-target"],
    type: headers["content-type"],
    authorization: String(headers.authorization),
    body: JSON.parse(Buffer.concat(chunks).toString()),
  });
  const { status = 200, body = "{}", cut } = reply;
  const sent = Buffer.from(body);
  response.writeHead(status, { "content-length": sent.length, ...reply.headers });
  if (cut === undefined) return response.end(sent);
  response.write(sent.subarray(0, cut), () => response.destroy());
});
let ways: readonly [Connection, Connection];

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const config = clientConfig(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {});
  ways = [connect("table", config, systemClock), connectBySdk("table", config)];
});
afterAll(async () => {
  for (const { client } of ways) client.destroy();
  server.closeAllConnections();
  server.close();
});

type Outcome = { readonly answer: unknown } | { readonly error: unknown };

/** What each way makes of a call, and what the server received of it. */
async function bothWays<O extends Operation>(operation: O, input: Calls[O]["input"]) {
  const results: { readonly outcome: Outcome; readonly sent: readonly Received[] }[] = [];
  for (const { client } of ways) {
    const before = received.length;
    const outcome = await client.send(operation, input).then(
      (answer): Outcome => ({ answer }),
      (error: unknown): Outcome => ({ error }),
    );
    results.push({ outcome, sent: received.slice(before) });
  }
  const [own, sdk] = results;
  if (own === undefined || sdk === undefined) throw new Error("two ways");
  return { own, sdk };
}

const requests = (sent: readonly Received[]) =>
  sent.map(({ target, type, body }) => ({ target, type, body }));

const answerOf = (outcome: Outcome): unknown => {
  if ("error" in outcome) throw outcome.error;
  const { $metadata: _, ...answer } = outcome.answer as Record<string, unknown>;
  return answer;
};

/** Names of attributes, none of which means something to JavaScript. */
const names = fc
  .string({ minLength: 1, maxLength: 8, unit: "grapheme" })
  .filter((name) => !name.startsWith("__"));
const numbers = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, min: -1e15, max: 1e15 }),
  fc.constantFrom(0, -0, 5e-324, 1e-7, 1.5e-10, 2 ** 53 - 1, -(2 ** 53 - 1)),
  fc.bigInt({ min: -(10n ** 37n), max: 10n ** 37n }),
);
const texts = fc.string({ unit: "binary", maxLength: 12 });
const bytes = fc.uint8Array({ maxLength: 20 });
const setOf = <T>(member: fc.Arbitrary<T>) =>
  fc.array(member, { minLength: 1, maxLength: 4 }).map((members) => new Set(members));
const { value: values } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    numbers,
    texts,
    fc.boolean(),
    fc.constant(null),
    bytes,
    setOf(texts),
    setOf(fc.integer()),
    setOf(bytes),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(names, tie("value"), { maxKeys: 4 }),
  ),
}));
const keys = fc.record({ pk: texts, sk: texts });
const items = fc
  .tuple(fc.dictionary(names, values, { maxKeys: 6 }), keys)
  .map(([item, key]) => ({ ...item, ...key }));
const attributes = fc.dictionary(names, values, { maxKeys: 4 });

const placed = { TableName: "table", ConditionExpression: "a = :a" };
const calls: { readonly [O in Operation]: fc.Arbitrary<Calls[O]["input"]> } = {
  GetItem: keys.map((Key) => ({ TableName: "table", Key, ConsistentRead: true })),
  BatchGetItem: fc.array(keys, { minLength: 1, maxLength: 3 }).map((Keys) => ({
    RequestItems: { table: { Keys, ConsistentRead: true } },
  })),
  TransactGetItems: fc.array(keys, { minLength: 1, maxLength: 3 }).map((wanted) => ({
    TransactItems: wanted.map((Key) => ({ Get: { TableName: "table", Key } })),
  })),
  Query: fc.record({
    TableName: fc.constant("table"),
    Limit: fc.nat(),
    ExpressionAttributeValues: attributes,
    ExclusiveStartKey: fc.option(keys, { nil: undefined }),
  }),
  Scan: fc.record({
    TableName: fc.constant("table"),
    ExclusiveStartKey: fc.option(keys, { nil: undefined }),
  }),
  PutItem: items.map((Item) => ({ ...placed, Item })),
  UpdateItem: fc.tuple(keys, attributes).map(([Key, ExpressionAttributeValues]) => {
    return { ...placed, Key, ExpressionAttributeValues, ReturnValues: "ALL_NEW" as const };
  }),
  DeleteItem: keys.map((Key) => ({ ...placed, Key })),
  TransactWriteItems: fc
    .tuple(items, keys, attributes, fc.option(fc.uuid(), { nil: undefined }))
    .map(([Item, Key, ExpressionAttributeValues, ClientRequestToken]) => ({
      TransactItems: [
        { Put: { ...placed, Item, ExpressionAttributeValues } },
        { Update: { ...placed, Key, UpdateExpression: "SET a = :a", ExpressionAttributeValues } },
        { Delete: { ...placed, Key } },
        { ConditionCheck: { ...placed, Key, ExpressionAttributeValues } },
      ],
      ClientRequestToken,
    })),
};

describe.each(Object.keys(calls) as Operation[])("%s", (operation) => {
  test("is the same request", async () => {
    reply = {};
    const input: fc.Arbitrary<Calls[Operation]["input"]> = calls[operation];
    await fc.assert(
      fc.asyncProperty(input, async (given) => {
        const { own, sdk } = await bothWays(operation, given);
        expect(own.sent).toHaveLength(1);
        expect(requests(own.sent)).toEqual(requests(sdk.sent));
      }),
      { numRuns: 40 },
    );
  });
});

test.each([
  ["undefined within a value", { a: { b: undefined } }],
  ["no number", { a: Number.NaN }],
  ["infinity", { a: Number.POSITIVE_INFINITY }],
  ["a number that has lost digits", { a: 2 ** 53 }],
  ["a set of nothing", { a: new Set() }],
  ["an object of a class", { a: new Date(0) }],
  ["a symbol", { a: Symbol("a") }],
])("neither sends %s", async (_, item) => {
  const Item = { pk: "p", sk: "s", ...item };
  const { own, sdk } = await bothWays("PutItem", { TableName: "table", Item });
  expect([...own.sent, ...sdk.sent]).toEqual([]);
  expect([own.outcome, sdk.outcome]).toEqual([
    { error: expect.any(Error) },
    { error: expect.any(Error) },
  ]);
});

test("both leave out attributes that are undefined", async () => {
  const Item = { pk: "p", sk: "s", a: undefined };
  const { own, sdk } = await bothWays("PutItem", { TableName: "table", Item });
  expect(requests(own.sent)).toEqual(requests(sdk.sent));
  expect(own.sent).toMatchObject([{ body: { Item: { pk: { S: "p" }, sk: { S: "s" } } } }]);
});

const digits = fc.oneof(
  fc.integer().map(String),
  fc.bigInt({ min: -(10n ** 37n), max: 10n ** 37n }).map(String),
  fc.constantFrom("-0", "1E-7", "1.5e10", "0.1", "9007199254740993"),
);
const base64 = bytes.map((some) => Buffer.from(some).toString("base64"));
const { wire } = fc.letrec((tie) => ({
  wire: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({ N: digits }),
    fc.record({ S: texts }),
    fc.record({ B: base64 }),
    fc.record({ BOOL: fc.boolean() }),
    fc.constant({ NULL: true }),
    fc.record({ SS: fc.array(texts) }),
    fc.record({ NS: fc.array(digits) }),
    fc.record({ BS: fc.array(base64) }),
    fc.record({ L: fc.array(tie("wire"), { maxLength: 3 }) }),
    fc.record({ M: fc.dictionary(names, tie("wire"), { maxKeys: 3 }) }),
  ),
}));
const stored = fc.dictionary(names, wire, { maxKeys: 5 });
const key = { pk: { S: "p" }, sk: { S: "s" } };
const Key = { pk: "p", sk: "s" };
const target = { TableName: "table", Key };

const answers: readonly (readonly [Operation, object, (item: object) => object])[] = [
  ["GetItem", target, (Item) => ({ Item })],
  ["UpdateItem", target, (Attributes) => ({ Attributes })],
  ["Query", target, (item) => ({ Items: [item, item], Count: 2, LastEvaluatedKey: key })],
  ["Scan", target, (item) => ({ Items: [item], Count: 1, ScannedCount: 1, LastEvaluatedKey: key })],
  [
    "BatchGetItem",
    { RequestItems: { table: { Keys: [Key] } } },
    (item) => ({
      Responses: { table: [item] },
      UnprocessedKeys: { table: { Keys: [key], ConsistentRead: true } },
    }),
  ],
  [
    "TransactGetItems",
    { TransactItems: [{ Get: target }, { Get: target }] },
    (Item) => ({ Responses: [{ Item }, {}] }),
  ],
];

test.each(answers)("%s is the same answer", async (operation, input, body) => {
  await fc.assert(
    fc.asyncProperty(stored, async (item) => {
      reply = { body: JSON.stringify(body(item)) };
      const { own, sdk } = await bothWays(operation, input as Calls[Operation]["input"]);
      expect(answerOf(own.outcome)).toEqual(answerOf(sdk.outcome));
    }),
    { numRuns: 40 },
  );
  reply = { body: "{}" };
  const { own, sdk } = await bothWays(operation, input as Calls[Operation]["input"]);
  expect(answerOf(own.outcome)).toEqual(answerOf(sdk.outcome));
});

const TYPE = "com.amazonaws.dynamodb.v20120810#";
const refusal = (type: string, more: object = {}): Reply => {
  const body = JSON.stringify({ __type: `${TYPE}${type}`, message: "injected", ...more });
  return { status: 400, body };
};
const cancelled = (...codes: readonly string[]) =>
  refusal("TransactionCanceledException", {
    CancellationReasons: codes.map((Code) => ({ Code, Message: "injected" })),
  });

const faults: Readonly<Record<string, readonly [Reply, Fault["kind"]]>> = {
  throttled: [refusal("ThrottlingException"), "throttled"],
  "beyond its throughput": [refusal("ProvisionedThroughputExceededException"), "throttled"],
  "beyond a limit": [refusal("RequestLimitExceeded"), "throttled"],
  "429 without a body": [{ status: 429, body: "" }, "throttled"],
  conflicting: [refusal("TransactionConflictException"), "conflict"],
  "in progress": [refusal("TransactionInProgressException"), "in_progress"],
  "invalid for its size": [
    refusal("ValidationException", { message: "Item size has exceeded the maximum" }),
    "too_large",
  ],
  invalid: [refusal("ValidationException"), "fatal"],
  "of an absent table": [refusal("ResourceNotFoundException"), "fatal"],
  denied: [refusal("AccessDeniedException"), "fatal"],
  "of a wrong token": [refusal("IdempotentParameterMismatchException"), "fatal"],
  unknown: [refusal("Unheard"), "fatal"],
  "named by a header": [
    { status: 400, headers: { "x-amzn-errortype": "ThrottlingException:http://x/" } },
    "throttled",
  ],
  "without a name": [{ status: 400, body: "{}" }, "fatal"],
  "400 without a body": [{ status: 400, body: "" }, "fatal"],
  "a redirection": [{ status: 307, body: "" }, "ambiguous"],
  "an error of the server": [{ ...refusal("InternalServerError"), status: 500 }, "ambiguous"],
  "503 without a body": [{ status: 503, body: "" }, "ambiguous"],
  "502 of HTML": [{ status: 502, body: "<html>Bad Gateway</html>" }, "ambiguous"],
  "200 of HTML": [{ status: 200, body: "<html>It works!</html>" }, "ambiguous"],
  "400 of half a body": [{ status: 400, body: '{"__type":"Val' }, "ambiguous"],
  "200 of half a body": [{ status: 200, body: '{"Item' }, "ambiguous"],
  "cut off": [{ status: 200, body: '{"Item":{}}', cut: 5 }, "ambiguous"],
  "a refusal that is cut off": [{ ...refusal("ValidationException"), cut: 9 }, "ambiguous"],
  "cancelled by a conflict": [cancelled("None", "TransactionConflict"), "conflict"],
  "cancelled by throttling": [cancelled("ThrottlingError", "None"), "throttled"],
  "cancelled by a condition": [cancelled("None", "ConditionalCheckFailed"), "cancelled"],
  "cancelled without reasons": [refusal("TransactionCanceledException"), "conflict"],
};

test.each(Object.entries(faults))("a call is %s: the same fault", async (_, [given, kind]) => {
  reply = given;
  const { own, sdk } = await bothWays("GetItem", target);
  expect(own.sent).toHaveLength(1);
  if (!("error" in own.outcome && "error" in sdk.outcome)) throw new Error("no error");
  expect(faultOf(own.outcome.error)).toEqual(faultOf(sdk.outcome.error));
  expect(faultOf(own.outcome.error).kind).toBe(kind);
  if (given.status !== 400 || given.cut !== undefined || kind === "ambiguous") return;
  const { name, message } = sdk.outcome.error as Error;
  expect(own.outcome.error).toMatchObject({ name, message, $metadata: { httpStatusCode: 400 } });
});

test("an answer without a body is no answer", async () => {
  reply = { body: "" };
  const { own } = await bothWays("GetItem", target);
  expect("error" in own.outcome && faultOf(own.outcome.error)).toEqual({ kind: "ambiguous" });
});

test("a condition that failed is told from other errors", async () => {
  for (const [type, failed] of [
    ["ConditionalCheckFailedException", true],
    ["ValidationException", false],
  ] as const) {
    reply = refusal(type, { Item: key });
    const { own, sdk } = await bothWays("PutItem", { TableName: "table", Item: Key });
    for (const { outcome } of [own, sdk]) {
      expect("error" in outcome && isConditionFailed(outcome.error)).toBe(failed);
    }
  }
});

test("a compressed answer is not asked for, and not taken for items", async () => {
  const body = gzipSync('{"Item":{}}').toString("latin1");
  reply = {
    body,
    headers: { "content-encoding": "gzip", "content-length": `${Buffer.byteLength(body)}` },
  };
  const { own } = await bothWays("GetItem", target);
  expect("error" in own.outcome && faultOf(own.outcome.error)).toEqual({ kind: "ambiguous" });
});
